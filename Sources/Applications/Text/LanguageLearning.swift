import DataPipelines
import Learning
import Models
import NeuralNetworks
import TensorCore

/// The networks for long texts, by short names.
public enum LanguageNetwork: String, Sendable, Hashable, Codable, CaseIterable {
  /// `GPT`, without biases.
  case gpt
  /// `AWDLSTM`, with its dropouts and penalties.
  case awdLSTM = "awd-lstm"
}

extension Recipe {
  /// A learner of the next token, with a network that is fresh. Its validation is on windows of the context behind one another, so that each token counts
  /// once.
  ///
  /// An AWD-LSTM begins each window with no state, and its training adds ``Models/AWDLSTM/activationPenalty(alpha:beta:)`` to the loss.
  ///
  /// - Parameter seed: Decides all that is random.
  public func learner(for task: LanguageTask, network: LanguageNetwork, seed: UInt64) -> Learner {
    let generator = RandomGenerator(seed: seed).derived(1)
    let model = architecture(of: network, vocabulary: task.tokenizer.vocabularySize).makeModel(using: generator)
    let data = DataLoaders(
      training: DataLoader(
        TokenWindows(task.training, length: maximumLength), batchSize: batchSize, shuffle: true,
        seed: RandomGenerator(seed: seed).derived(2).state.seed),
      validation: DataLoader(TokenWindows(task.validation, length: maximumLength), batchSize: 64))
    return learner(
      model, data,
      loss: { logits, next in
        let loss = crossEntropy(logits.reshaped([next.count, logits.shape[2]]), next.reshaped([next.count]))
        guard let model = model as? AWDLSTM, model.isTraining else { return loss }
        return loss + model.activationPenalty()
      }, metrics: [], generators: ["model": generator])
  }

  /// The network's name and sizes.
  public func architecture(of network: LanguageNetwork, vocabulary: Int) -> Architecture {
    switch network {
    case .gpt:
      .gpt(
        GPTConfiguration(
          layers: blocks, heads: heads, width: width, context: maximumLength, vocabulary: vocabulary,
          dropout: dropout, bias: false))
    case .awdLSTM:
      .awdLSTM(
        AWDLSTMConfiguration(vocabulary: vocabulary, width: width, hidden: embedding, layers: blocks)
          .scaled(dropout: dropout))
    }
  }
}
