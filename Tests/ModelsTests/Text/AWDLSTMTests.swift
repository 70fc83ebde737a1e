import Models
import NeuralNetworks
import Optimizers
import TensorCore
import Testing

@Suite("An AWD-LSTM")
struct AWDLSTMTests {
  private let small = AWDLSTMConfiguration(vocabulary: 11, width: 6, hidden: 8, layers: 2)

  @Test("in evaluation is layers of LSTM with the table at both ends")
  func evaluation() {
    let model = AWDLSTM(small, using: RandomGenerator(seed: 1))
    model.evaluate()
    let tokens = Tensor([[1, 2, 3, 4], [5, 6, 7, 8]])
    let logits = withoutGradients { model(tokens) }
    let expected = withoutGradients {
      let x = model.cells.reduce(model.encoder(tokens).transposed(0, 1)) { $1($0).outputs }
      return linear(x, model.encoder.weight.value, model.bias.value).transposed(0, 1)
    }
    #expect((logits - expected).abs().max().item() < 1e-6)
    #expect(model.activationPenalty().item() == 0)
  }

  @Test("in training drops the same elements at every place, whole tokens, and weights from state to state")
  func dropout() {
    var settings = small
    (settings.tokenDropout, settings.inputDropout, settings.layerDropout, settings.weightDropout) = (0, 0, 0, 0)
    settings.outputDropout = 0.5
    let model = AWDLSTM(settings, using: RandomGenerator(seed: 2))
    // The last map as the unit matrix of the first tokens: logits are the outputs.
    model.encoder.weight.value = Tensor.eye(11)[.all, 0..<6].contiguous()
    let logits = withoutGradients { model(Tensor([[1, 2, 3, 4, 5]])) }[0, .all, 0..<6]
    let isDropped = (logits .== 0).cast(to: .int64).sum(axis: 0).scalars(as: Int.self)
    #expect(isDropped.allSatisfy { $0 == 0 || $0 == 5 } && isDropped.contains(5) && isDropped.contains(0))
    #expect(model.activationPenalty(alpha: 2, beta: 0).item() > 0)
    for path in [\AWDLSTMConfiguration.tokenDropout, \.inputDropout, \.layerDropout, \.weightDropout] {
      var one = settings
      one.outputDropout = 0
      one[keyPath: path] = 0.5
      let model = AWDLSTM(one, using: RandomGenerator(seed: 3))
      let tokens = Tensor([[1, 2, 3, 4, 5]])
      let first = withoutGradients { model(tokens) }
      #expect((first - withoutGradients { model(tokens) }).abs().max().item() > 1e-4)
      model.evaluate()
      let second = withoutGradients { model(tokens) }
      #expect((second - withoutGradients { model(tokens) }).abs().max().item() == 0)
    }
  }

  @Test("learns a sequence by heart that goes on from batch to batch")
  func learns() {
    var settings = small
    (settings.tokenDropout, settings.inputDropout, settings.layerDropout) = (0, 0.05, 0.05)
    (settings.outputDropout, settings.weightDropout, settings.width, settings.hidden) = (0.05, 0.05, 24, 32)
    let model = AWDLSTM(settings, using: RandomGenerator(seed: 4))
    let optimizer = Adam(model.parameters, learningRate: 0.01)
    // What follows 0 depends on what came four places before.
    let text = (0..<2400).map { [1, 0, 2, 3, 4, 0, 5, 6][$0 % 8] }
    var state: AWDLSTM.State?
    for start in stride(from: 0, to: 2390, by: 5) {
      let window = Tensor(Array(text[start..<start + 5]), shape: [1, 5])
      let (logits, next) = model(window, from: state)
      state = next
      optimizer.zeroGradients()
      let loss = crossEntropy(logits[0], Tensor(Array(text[start + 1..<start + 6]), shape: [5]))
      (loss + model.activationPenalty(alpha: 0.01, beta: 0.01)).backward()
      optimizer.step()
    }
    #expect(
      model.continuation(of: Array(text[..<12]), count: 8, sampling: Sampling(temperature: 0)) == Array(text[12..<20]))
  }
}
