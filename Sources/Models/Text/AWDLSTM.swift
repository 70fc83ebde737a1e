import NeuralNetworks
import TensorCore

/// The sizes of an AWD-LSTM, and how it is regularised.
public struct AWDLSTMConfiguration: Sendable, Hashable {
  public var vocabulary: Int
  /// The length of a token's vector, and the last layer's size, since both ends share a table.
  public var width: Int
  /// The size of the layers between.
  public var hidden: Int
  public var layers: Int
  /// The probability of dropping a whole token from a batch's sequences.
  public var tokenDropout: Double
  /// Of dropping an element of the tokens' vectors, of the layers' outputs and of the last one's: the same ones at every place of a sequence.
  public var inputDropout: Double
  public var layerDropout: Double
  public var outputDropout: Double
  /// Of dropping a weight from state to state.
  public var weightDropout: Double

  /// The paper's for WikiText-2 unless told otherwise (§5).
  public init(
    vocabulary: Int, width: Int = 400, hidden: Int = 1150, layers: Int = 3, tokenDropout: Double = 0.1,
    inputDropout: Double = 0.65, layerDropout: Double = 0.2, outputDropout: Double = 0.4, weightDropout: Double = 0.5
  ) {
    (self.vocabulary, self.width, self.hidden, self.layers) = (vocabulary, width, hidden, layers)
    (self.tokenDropout, self.inputDropout, self.layerDropout) = (tokenDropout, inputDropout, layerDropout)
    (self.outputDropout, self.weightDropout) = (outputDropout, weightDropout)
  }

  /// The same with every dropout multiplied: small models and long texts need less of them.
  public func scaled(dropout factor: Double) -> AWDLSTMConfiguration {
    var result = self
    for path in [
      \AWDLSTMConfiguration.tokenDropout, \.inputDropout, \.layerDropout, \.outputDropout, \.weightDropout,
    ] { result[keyPath: path] *= factor }
    return result
  }
}

/// A language model of LSTM layers with dropout wherever it helps (Merity, Keskar & Socher, "Regularizing and optimizing LSTM language models", 2018): on
/// whole tokens, on the same elements at every place ("locked"), and on the weights from state to state (Wan et al.'s DropConnect, 2013). The table of tokens is
/// also the last map's weight.
///
/// Tokens [batch, length], integers in 0..<vocabulary → logits [batch, length, vocabulary]: those at place i are for the token at place i + 1.
///
/// ```swift
/// let model = AWDLSTM(AWDLSTMConfiguration(vocabulary: 20, width: 6, hidden: 8, layers: 2))
/// let (logits, state) = model(Tensor([[1, 2, 3]]), from: nil)
/// logits.shape  // → [1, 3, 20]
/// model(Tensor([[4]]), from: state).logits.shape  // → [1, 1, 20]
/// ```
public final class AWDLSTM: Module, Layer, NamesArchitecture, ParameterGrouping {
  public let encoder: Embedding
  public let cells: [LSTM]
  public let bias: Parameter
  public let settings: AWDLSTMConfiguration
  private let generator: RandomGenerator

  /// What a training on text that goes on from batch to batch keeps: each layer's hidden state and cell.
  public typealias State = [(hidden: Tensor, cell: Tensor)]

  /// The outputs of the last layer, and the same behind dropout, of the last call in training mode: for ``activationPenalty(alpha:beta:)``.
  private var lastOutputs: (raw: Tensor, dropped: Tensor)?

  /// Stops unless all sizes are at least 1, and every 0 ≤ dropout < 1.
  public init(_ settings: AWDLSTMConfiguration, using generator: RandomGenerator = .default) {
    let dropouts = [
      settings.tokenDropout, settings.inputDropout, settings.layerDropout, settings.outputDropout,
      settings.weightDropout,
    ]
    guard settings.layers >= 1, dropouts.allSatisfy({ (0..<1).contains($0) }) else {
      stop("AWDLSTM", "\(settings.layers) layers, dropouts of \(dropouts)", fix: "use one layer at least, and 0..<1")
    }
    encoder = Embedding(settings.vocabulary, settings.width, using: generator)
    encoder.weight.initialize(.uniform(from: -0.1, to: 0.1), using: generator)
    cells = (0..<settings.layers).map { layer in
      LSTM(
        layer == 0 ? settings.width : settings.hidden, layer == settings.layers - 1 ? settings.width : settings.hidden,
        using: generator)
    }
    bias = Parameter(Tensor.zeros([settings.vocabulary]))
    self.settings = settings
    self.generator = generator
  }

  public var architecture: Architecture? { .awdLSTM(settings) }

  /// The table with its bias, which are at both ends, and each layer.
  public var parameterGroups: [[Parameter]] { [[bias] + encoder.parameters] + cells.map(\.parameters) }

  public func callAsFunction(_ tokens: Tensor) -> Tensor { self(tokens, from: nil).logits }

  /// The logits, and the state behind the last place, off the tape, for the batch that follows.
  public func callAsFunction(_ tokens: Tensor, from state: State?) -> (logits: Tensor, state: State) {
    let (outputs, final) = outputs(tokens, from: state)
    return (linear(outputs, encoder.weight.value, bias.value).transposed(0, 1), final)
  }

  /// What the last map reads, [length, batch, width], and the state behind the last place.
  private func outputs(_ tokens: Tensor, from state: State?) -> (outputs: Tensor, state: State) {
    guard tokens.rank == 2 else { stop("AWDLSTM", "tokens of shape \(tokens.shape)", fix: "pass [batch, length]") }
    let batch = tokens.shape[0]
    // [length, batch, width] from here on.
    var x = locked(embedding(table, tokens.transposed(0, 1)), settings.inputDropout)
    var final: State = []
    var raw = x
    for (number, cell) in cells.enumerated() {
      let parameters = cell.directions[0][0]
      let zeros = Tensor.zeros([batch, cell.hidden], dtype: x.dtype)
      let start = state?[number] ?? (hidden: zeros, cell: zeros)
      let weights = RecurrentWeights(
        input: parameters.weightIH.value, hidden: dropped(parameters.weightHH.value, settings.weightDropout),
        inputBias: parameters.biasIH?.value, hiddenBias: parameters.biasHH?.value)
      let y = lstm(x, hidden: start.hidden, cell: start.cell, weights)
      final.append((y.hidden.detached(), y.cell.detached()))
      raw = y.outputs
      x = locked(raw, number == cells.count - 1 ? settings.outputDropout : settings.layerDropout)
    }
    lastOutputs = isTraining ? (raw, x) : nil
    return (x, final)
  }

  /// What the training adds to the loss: α times the mean square of the last layer's outputs behind dropout, and β times that of their changes from
  /// place to place (Merity et al., §4.5). 0 before the first call in training mode.
  public func activationPenalty(alpha: Double = 2, beta: Double = 1) -> Tensor {
    guard let (raw, dropped) = lastOutputs else { return Tensor(0.0) }
    let size = (dropped * dropped).mean() * alpha
    let length = raw.shape[0]
    if length < 2 { return size }
    let change = raw[1..<length] - raw[0..<length - 1]
    return size + (change * change).mean() * beta
  }

  /// The table, in training without the rows of some tokens, the others the larger for it.
  private var table: Tensor {
    let weight = encoder.weight.value
    let p = settings.tokenDropout
    if !isTraining || p == 0 { return weight }
    return weight * dropout(Tensor.ones([weight.shape[0], 1], dtype: weight.dtype), p, using: generator)
  }

  private func dropped(_ x: Tensor, _ p: Double) -> Tensor {
    isTraining && p > 0 ? dropout(x, p, using: generator) : x
  }

  /// Drops the same elements at every place of [length, batch, width].
  private func locked(_ x: Tensor, _ p: Double) -> Tensor {
    if !isTraining || p == 0 { return x }
    return x * dropout(Tensor.ones([1, x.shape[1], x.shape[2]], dtype: x.dtype), p, using: generator)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 2 else { throw ShapeError(self, input: input, "expects [batch, length]") }
    return [input[0], input[1], settings.vocabulary]
  }

  public override var configuration: String {
    "\(settings.vocabulary) tokens, \(settings.layers) layers, \(settings.width)–\(settings.hidden) wide"
  }
}

extension AWDLSTM: LanguageModel {
  public var context: Int? { nil }

  public func read(_ tokens: Tensor, _ memory: inout State?) -> Tensor {
    withEvaluationMode {
      withoutGradients {
        let (outputs, state) = outputs(tokens, from: memory)
        memory = state
        return linear(outputs[-1], encoder.weight.value, bias.value)
      }
    }
  }

  public func rows(_ rows: [Int], of memory: State) -> State {
    let indices = Tensor(rows, shape: [rows.count])
    return memory.map {
      ($0.hidden.indexSelected(axis: 0, indices: indices), $0.cell.indexSelected(axis: 0, indices: indices))
    }
  }
}
