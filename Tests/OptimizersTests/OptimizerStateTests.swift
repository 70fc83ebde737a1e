import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

@Suite("An optimiser's state")
struct OptimizerStateTests {
  private func sameBits(_ a: Tensor, _ b: Tensor) -> Bool {
    a.withUnsafeBytes { a in b.withUnsafeBytes { b in a.elementsEqual(b) } }
  }

  @Test("lets a resumed run go on bit for bit as an uninterrupted one", arguments: OptimizerCase.all)
  func resumption(_ optimizerCase: OptimizerCase) throws {
    let goldens = try OptimizerGoldens()
    for interruption in [0, 1, 4, 10] {
      let (whole, half) = (try goldens.parameters(.float32), try goldens.parameters(.float32))
      let (uninterrupted, interrupted) = (optimizerCase.make(whole), optimizerCase.make(half))
      for step in 0..<interruption {
        try goldens.setGradients(of: half, step: step)
        interrupted.step()
        interrupted.learningRate *= 0.9
      }
      // Through a file, into a new optimiser of new parameters.
      let file = try SafeTensors(encoded: SafeTensors.encode(interrupted.stateDictionary().dictionary))
      let resumed = half.map { Parameter($0.value) }
      let optimizer = optimizerCase.make(resumed)
      try optimizer.load(stateDictionary: StateDictionary(file.tensors()))
      for step in 0..<20 {
        try goldens.setGradients(of: whole, step: step)
        uninterrupted.step()
        uninterrupted.learningRate *= 0.9
        guard step >= interruption else { continue }
        try goldens.setGradients(of: resumed, step: step)
        optimizer.step()
        optimizer.learningRate *= 0.9
      }
      for (a, b) in zip(whole, resumed) { #expect(sameBits(a.value, b.value), "interrupted after \(interruption)") }
      #expect(uninterrupted.learningRate == optimizer.learningRate)
    }
  }

  @Test("is named as PyTorch names it")
  func names() {
    let parameters = [Parameter(Tensor([1.0])), Parameter(Tensor([1.0]))]
    for parameter in parameters { parameter.gradient = Tensor([1.0]) }
    let sgd = SGD(parameters, learningRate: 0.5, momentum: 0.5)
    sgd.step()
    #expect(
      sgd.stateDictionary().names
        == ["learning_rate", "momentum", "weight_decay", "0.momentum_buffer", "1.momentum_buffer"])
    let adam = Adam(parameters)
    parameters[1].gradient = nil
    adam.step()
    #expect(
      adam.stateDictionary().names == [
        "learning_rate", "beta1", "beta2", "epsilon", "weight_decay", "0.step", "0.exp_avg", "0.exp_avg_sq",
      ])
    #expect(adam.stateDictionary()["0.step"]?.item(Int.self) == 1)
  }

  @Test("stays as it was when the optimiser goes on")
  func snapshot() throws {
    let parameter = Parameter(Tensor([1.0]))
    let optimizer = Adam([parameter])
    parameter.gradient = Tensor([1.0])
    optimizer.step()
    let state = optimizer.stateDictionary()
    let before = try #require(state["0.exp_avg"]).item()
    optimizer.step()
    #expect(state["0.exp_avg"]?.item() == before)
    try optimizer.load(stateDictionary: state)
    optimizer.step()
    #expect(state["0.exp_avg"]?.item() == before)
  }

  @Test("that does not fit is reported in full, and changes nothing")
  func misfits() throws {
    let parameters = [Parameter(Tensor.ones([2])), Parameter(Tensor.ones([3]))]
    for parameter in parameters { parameter.gradient = Tensor.ones(like: parameter.value) }
    let optimizer = Adam(parameters, learningRate: 0.5)
    optimizer.step()
    var state = optimizer.stateDictionary()
    state["learning_rate"] = Tensor(-1.0, dtype: .float64)
    state["beta1"] = nil
    state["0.exp_avg"] = Tensor.zeros([5])
    state["0.step"] = Tensor(-3)
    state["1.exp_avg_sq"] = nil
    state["1.step"] = Tensor(2.5)
    state["2.exp_avg"] = Tensor.zeros([2])
    let error = #expect(throws: StateDictionaryError.self) { try optimizer.load(stateDictionary: state) }
    #expect(
      error?.description == """
        The state dictionary does not fit Adam, nothing was loaded:
          learning_rate is -1.0; expected a number in 0.0..<inf
          beta1 is missing; expected shape []
          0.step is -3; expected 0 or more
          0.exp_avg has shape [5]; expected [2]
          1.step is float32; expected int64
          1.exp_avg_sq is missing; expected shape [3]
          2.exp_avg is unexpected; found shape [2]
        """)
    #expect(optimizer.learningRate == 0.5)
    #expect(optimizer.stateDictionary()["0.step"]?.item(Int.self) == 1)
  }

  @Test("of one kind does not fit another")
  func otherKind() {
    let parameter = Parameter(Tensor([1.0]))
    let sgd = SGD([parameter], learningRate: 0.1)
    #expect(throws: StateDictionaryError.self) {
      try sgd.load(stateDictionary: AdamW([parameter]).stateDictionary())
    }
  }
}
