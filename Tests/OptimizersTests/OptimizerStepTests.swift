import NeuralNetworks
import Optimizers
import TensorCore
import Testing

@Suite("An optimiser's steps")
struct OptimizerStepTests {
  @Test("are PyTorch's, in float64 and float32", arguments: OptimizerCase.all)
  func equalPyTorch(_ optimizerCase: OptimizerCase) throws {
    let goldens = try OptimizerGoldens()
    for (dtype, suffix, tolerance) in [(DType.float64, "", 1e-12), (.float32, "_float32", 5e-6)] {
      let parameters = try goldens.parameters(dtype)
      let optimizer = optimizerCase.make(parameters)
      let kept = try goldens("kept").scalars(as: Int.self)
      for step in 0..<OptimizerGoldens.steps {
        try goldens.setGradients(of: parameters, step: step)
        optimizer.step()
        guard let place = kept.firstIndex(of: step) else { continue }
        for (index, parameter) in parameters.enumerated() {
          let expected = try goldens("\(optimizerCase.name)\(suffix).\(index)")[place]
          #expect(difference(parameter.value, expected) < tolerance, "\(dtype) parameter \(index) after step \(step)")
        }
      }
    }
  }

  @Test("are those of the formula written out in tensor ops", arguments: OptimizerCase.fused)
  func equalComposed(_ optimizerCase: OptimizerCase) throws {
    let rule = try #require(optimizerCase.composed)
    let generator = RandomGenerator(seed: 3)
    // 1003 elements: whole vectors and a rest.
    var expected = Tensor.normal([17, 59], dtype: .float64, using: generator)
    let parameter = Parameter(expected)
    let optimizer = optimizerCase.make([parameter])
    var composed = ComposedOptimizer(rule)
    for step in 0..<20 {
      let gradient = Tensor.normal([59, 17], dtype: .float64, using: generator).transposed()
      parameter.gradient = gradient
      optimizer.step()
      expected = composed.step(expected, along: gradient)
      #expect(difference(parameter.value, expected) < 1e-13, "step \(step)")
    }
  }

  @Test("leave parameters without a gradient alone", arguments: OptimizerCase.all)
  func withoutGradient(_ optimizerCase: OptimizerCase) {
    let (moved, still) = (Parameter(Tensor([1.0])), Parameter(Tensor([1.0])))
    let optimizer = optimizerCase.make([moved, still])
    moved.gradient = Tensor([1.0])
    optimizer.step()
    #expect(moved.value.item() != 1)
    #expect(still.value.item() == 1)
    #expect(!optimizer.stateDictionary().names.contains { $0.hasPrefix("1.") })
  }

  @Test("change values in place: a copy of the value stays, nothing is on the tape", arguments: OptimizerCase.all)
  func inPlace(_ optimizerCase: OptimizerCase) {
    let parameter = Parameter(Tensor([1.0, 2.0]))
    let optimizer = optimizerCase.make([parameter])
    let before = parameter.value
    let gradient = Tensor([1.0, 1.0])
    parameter.gradient = gradient
    optimizer.step()
    #expect(before.scalars(as: Double.self) == [1, 2])
    #expect(gradient.scalars(as: Double.self) == [1, 1])
    #expect(parameter.value.scalars(as: Double.self) != [1, 2])
    parameter.value.sum().backward()
    #expect(parameter.gradient?.scalars(as: Double.self) == [2, 2])
  }

  @Test("follow a learning rate that changes between them")
  func schedule() {
    let parameter = Parameter(Tensor([1.0]))
    let optimizer: any Optimizer = SGD([parameter], learningRate: 0.5)
    parameter.gradient = Tensor([1.0])
    optimizer.step()
    optimizer.learningRate = 0.25
    optimizer.step()
    #expect(parameter.value.item() == 0.25)
  }

  @Test("go towards the minimum of a parabola, or away from it", arguments: OptimizerCase.all)
  func minimum(_ optimizerCase: OptimizerCase) {
    let parameters = [Parameter(Tensor([3.0, -2.0])), Parameter(Tensor([1.0]))]
    let optimizer = optimizerCase.make(parameters)
    func loss() -> Tensor { parameters[0].value.square().sum() + parameters[1].value.square().sum() }
    let (before, goesUp) = (loss().item(), optimizerCase.maximizes)
    for _ in 0..<20 {
      optimizer.zeroGradients()
      loss().backward()
      optimizer.step()
    }
    #expect(goesUp ? loss().item() > before : loss().item() < before)
  }

  @Test("of no gradient are forgotten after zeroGradients")
  func zeroGradients() {
    let parameters = [Parameter(Tensor([1.0])), Parameter(Tensor([1.0]))]
    let optimizer = Adam(parameters)
    for parameter in parameters { parameter.gradient = Tensor([1.0]) }
    optimizer.zeroGradients()
    #expect(parameters.allSatisfy { $0.gradient == nil })
    optimizer.step()
    #expect(parameters.allSatisfy { $0.value.item() == 1 })
  }
}

@Suite("An optimiser stops")
struct OptimizerMisuseTests {
  @Test("at a learning rate that can't be, also when it is set later")
  func learningRate() async {
    let negative = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SGD([Parameter(Tensor([1.0]))], learningRate: -0.1)
    }
    expectMessage(negative, "SGD", "learning_rate is -0.1", "0.0..<inf")
    let later = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      AdamW([Parameter(Tensor([1.0]))]).learningRate = .nan
    }
    expectMessage(later, "AdamW", "learning_rate is nan")
  }

  @Test("at other hyperparameters out of range")
  func hyperparameters() async {
    let beta = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Adam([Parameter(Tensor([1.0]))], beta2: 1)
    }
    expectMessage(beta, "Adam", "beta2 is 1.0", "0.0..<1.0")
    let decay = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = AdamW([Parameter(Tensor([1.0]))], weightDecay: -1)
    }
    expectMessage(decay, "AdamW", "weight_decay is -1.0")
    let nesterov = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SGD([Parameter(Tensor([1.0]))], learningRate: 0.1, nesterov: true)
    }
    expectMessage(nesterov, "SGD", "Nesterov", "momentum: 0.9")
  }

  @Test("without parameters, and at a parameter given twice")
  func parameters() async {
    let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = SGD([], learningRate: 0.1)
    }
    expectMessage(none, "SGD", "there are no parameters", "model.parameters")
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameter = Parameter(Tensor([1.0]))
      _ = Adam([parameter, parameter])
    }
    expectMessage(twice, "Adam", "[1]", "given twice")
  }
}
