import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

@Suite("L-BFGS")
struct LBFGSTests {
  /// Rosenbrock's function of all parameters' numbers, minimised from the goldens' start.
  private func closure(_ parameters: [Parameter], _ optimizer: LBFGS) -> () -> Tensor {
    return {
      optimizer.zeroGradients()
      let x = Tensor.concatenated(parameters.map { $0.value.flattened() }, axis: 0)
      let (head, tail) = (x[0..<x.count - 1], x[1..<x.count])
      let loss = ((tail - head.square()).square() * 100 + (1 - head).square()).sum()
      loss.backward()
      return loss
    }
  }

  static let cases: [(name: String, make: @Sendable ([Parameter]) -> LBFGS)] = [
    ("lbfgs", { LBFGS($0, learningRate: 0.002, iterations: 4, historySize: 3) }),
    ("lbfgs_wolfe", { LBFGS($0, iterations: 6, historySize: 5, lineSearch: true) }),
  ]

  @Test("makes PyTorch's steps", arguments: cases.indices)
  func equalPyTorch(_ index: Int) throws {
    let (name, make) = LBFGSTests.cases[index]
    let goldens = try OptimizerGoldens()
    let parameters = try goldens.parameters(.float64)
    let optimizer = make(parameters)
    for step in 0..<6 {
      let loss = optimizer.step(closure(parameters, optimizer))
      let expected = try goldens("\(name).loss")[step].item()
      #expect(abs(loss - expected) < 1e-7 * max(1, abs(expected)), "loss before step \(step)")
      for (index, parameter) in parameters.enumerated() {
        let expected = try goldens("\(name).\(index)")[step]
        #expect(difference(parameter.value, expected) < 1e-7, "parameter \(index) after step \(step)")
      }
    }
  }

  @Test("comes to the minimum of Rosenbrock's function, and ends there")
  func minimum() throws {
    let parameters = [Parameter(Tensor([-1.2, 1.0], dtype: .float64))]
    let optimizer = LBFGS(parameters, iterations: 100, changeTolerance: 1e-14, lineSearch: true)
    optimizer.step(closure(parameters, optimizer))
    #expect((parameters[0].value - 1).abs().max().item() < 1e-6)
    let before = parameters[0].value.scalars(as: Double.self)
    optimizer.step(closure(parameters, optimizer))
    optimizer.step(closure(parameters, optimizer))
    #expect(difference(parameters[0].value, Tensor(before, dtype: .float64)) < 1e-6)
  }

  @Test("goes on bit for bit after its state was saved", arguments: cases.indices)
  func resumption(_ index: Int) throws {
    let make = LBFGSTests.cases[index].make
    let goldens = try OptimizerGoldens()
    for interruption in [0, 1, 3] {
      let (whole, half) = (try goldens.parameters(.float64), try goldens.parameters(.float64))
      let (uninterrupted, interrupted) = (make(whole), make(half))
      for _ in 0..<interruption { interrupted.step(closure(half, interrupted)) }
      let file = try SafeTensors(encoded: SafeTensors.encode(interrupted.stateDictionary().dictionary))
      let resumed = half.map { Parameter($0.value) }
      let optimizer = make(resumed)
      try optimizer.load(stateDictionary: StateDictionary(file.tensors()))
      for _ in interruption..<5 { optimizer.step(closure(resumed, optimizer)) }
      for _ in 0..<5 { uninterrupted.step(closure(whole, uninterrupted)) }
      for (a, b) in zip(whole, resumed) {
        #expect(a.value.scalars(as: Double.self) == b.value.scalars(as: Double.self), "after \(interruption)")
      }
    }
  }

  @Test("says what of a state does not fit")
  func misfit() throws {
    let parameters = [Parameter(Tensor([-1.2, 1.0], dtype: .float64))]
    let optimizer = LBFGS(parameters, iterations: 3)
    optimizer.step(closure(parameters, optimizer))
    var state = optimizer.stateDictionary()
    state["history"] = Tensor(1_000_000_000)
    state["d"] = Tensor.zeros([3], dtype: .float64)
    let error = #expect(throws: StateDictionaryError.self) { try optimizer.load(stateDictionary: state) }
    let text = error?.description ?? ""
    #expect(
      text.contains("d has shape [3]; expected [2]") && text.contains("is missing; expected shape [2]"), "\(text)")
  }
}
