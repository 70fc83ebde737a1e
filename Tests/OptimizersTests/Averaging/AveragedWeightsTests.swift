import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

@Suite("Averaged weights")
struct AveragedWeightsTests {
  static let kinds: [(name: String, kind: AveragedWeights.Kind)] = [
    ("equal", .equal), ("exponential", .exponential(decay: 0.8)),
  ]

  @Test("are PyTorch's AveragedModel's, also when they were saved and loaded on the way", arguments: kinds.indices)
  func equalPyTorch(_ index: Int) throws {
    let (name, kind) = AveragedWeightsTests.kinds[index]
    let goldens = try Goldens("schedules")
    let (weights, expected) = (try goldens("average.weights"), try goldens("average.\(name)"))
    let parameter = Parameter(Tensor.zeros([3], dtype: .float64))
    var average = AveragedWeights(of: [parameter], kind)
    for step in 0..<8 {
      parameter.value = weights[step]
      average.update()
      average.applied { #expect(difference(parameter.value, expected[step]) < 1e-14, "\(name) after \(step)") }
      #expect(difference(parameter.value, weights[step]) == 0)
      let file = try SafeTensors(encoded: SafeTensors.encode(average.stateDictionary().dictionary))
      average = AveragedWeights(of: [parameter], kind)
      try average.load(stateDictionary: StateDictionary(file.tensors()))
    }
    average.apply()
    #expect(difference(parameter.value, expected[7]) < 1e-14)
  }

  @Test("with a warm-up leave the first weights behind")
  func warmUp() {
    let parameter = Parameter(Tensor([1.0], dtype: .float64))
    let average = AveragedWeights(of: [parameter], .exponential(decay: 0.5, warmUp: true))
    average.update()
    parameter.value = Tensor([0.0], dtype: .float64)
    // d = 2/11, 3/12, …, 1/2 from the eighth on.
    var expected = 1.0
    for t in 1...12 {
      average.update()
      expected *= min(0.5, Double(1 + t) / Double(10 + t))
      average.applied { #expect(abs(parameter.value.item() - expected) < 1e-15) }
    }
  }

  @Test("go back when the body throws, and are the weights before the first update")
  func restored() {
    struct Interrupted: Error {}
    let parameter = Parameter(Tensor([1.0]))
    let average = AveragedWeights(of: [parameter], .equal)
    average.applied { #expect(parameter.value.item() == 1) }
    average.update()
    parameter.value = Tensor([2.0])
    #expect(throws: Interrupted.self) {
      try average.applied {
        #expect(parameter.value.item() == 1)
        throw Interrupted()
      }
    }
    #expect(parameter.value.item() == 2)
  }

  @Test("get their batch-norm statistics from PyTorch's update_bn")
  func batchNorm() throws {
    let goldens = try Goldens("schedules")
    let model = Sequential {
      Linear(3, 4)
      BatchNorm1d(4)
      ReLU()
      BatchNorm1d(4, momentum: 0.3)
    }
    try model.load(stateDictionary: goldens.state("batch_norm.before."))
    model.evaluate()
    (model[1] as? BatchNorm1d)?.train()
    let batches = try goldens("batch_norm.batches")
    updateBatchNorm(of: model, over: (0..<4).map { batches[$0] })
    #expect(!model.isTraining && model[1].isTraining && !model[3].isTraining)
    let expected = goldens.state("batch_norm.after.")
    for (name, tensor) in model.stateDictionary() where !name.hasSuffix("tracked") {
      #expect(difference(tensor, try #require(expected[name])) < 1e-6, "\(name)")
    }
    #expect(model.stateDictionary()["3.num_batches_tracked"]?.item(Int.self) == 4)
  }
}
