import DataPipelines
import EvaluationMetrics
import Learning
import NeuralNetworks
import Optimizers
import TensorCore
import Testing

@Suite("Fitting")
struct FittingTests {
  private let model: Sequential
  private let set: TensorDataset
  private let learner: Learner

  init() {
    let random = RandomGenerator(seed: 3)
    let inputs = Tensor.normal([64, 4], using: RandomGenerator(seed: 1))
    set = TensorDataset(inputs: inputs, targets: (inputs[.all, 0] .> 0).cast(to: .int64))
    model = Sequential {
      Linear(4, 8, using: random)
      BatchNorm1d(8)
      ReLU()
      Linear(8, 8, using: random)
      ReLU()
      Linear(8, 2, using: random)
    }
    learner = Learner(
      model, DataLoaders(set, validation: set, batchSize: 16, seed: 2), rule: Adam.Rule(learningRate: 1),
      layerGroups: [model[0].parameters + model[1].parameters, model[3].parameters, model[5].parameters],
      metrics: [Accuracy()])
  }

  private func weights(_ layer: Int) -> [Float] { model[layer].parameters[0].value.scalars(as: Float.self) }

  @Test("frozen layers stay as they are, but for their normalisations")
  func freezing() throws {
    let before = [0, 1, 3, 5].map(weights)
    learner.freeze()
    try learner.fit(epochs: 1, learningRate: 0.1)
    #expect([0, 1, 3, 5].map(weights).enumerated().map { $1 == before[$0] } == [true, false, true, false])
    learner.freeze(upTo: 1, keepingNormalization: false)
    let after = [0, 1, 3, 5].map(weights)
    try learner.fit(epochs: 1, learningRate: 0.1)
    #expect([0, 1, 3, 5].map(weights).enumerated().map { $1 == after[$0] } == [true, true, false, false])
    learner.unfreeze()
    try learner.fit(epochs: 1, learningRate: 0.1)
    #expect(weights(0) != before[0])
  }

  @Test("fine-tuning warms the head up, then lets earlier layers learn more slowly")
  func fineTuning() throws {
    final class Watch: Callback {
      var rates: [[Double]] = []
      var frozen: [Bool] = []
      override func afterLoss(_ learner: Learner) {
        rates.append((0..<3).map { learner.optimizer.hyperparameter("learning_rate", ofGroup: $0) ?? .nan })
        frozen.append(learner.layerGroups[1].allSatisfy { !$0.requiresGradient })
      }
    }
    let watch = Watch()
    learner.callbacks.append(watch)
    try learner.fineTune(epochs: 2, learningRate: 0.01)
    #expect(watch.frozen == [Bool](repeating: true, count: 4) + [Bool](repeating: false, count: 8))
    for rates in watch.rates[4...] {
      #expect(abs(rates[0] / rates[2] - 0.01) < 1e-9 && abs(rates[1] / rates[2] - 0.1) < 1e-9)
    }
    #expect(abs((watch.rates[4...].map { $0[2] }.max() ?? 0) / 0.005 - 1) < 0.05)
    #expect(learner.history.count == 3)
  }

  @Test("the finder's loss falls and rises, and everything is as before")
  func finder() throws {
    try learner.fit(epochs: 1, learningRate: 0.001)
    let before = learner.checkpoint
    let finding = try learner.findLearningRate(from: 1e-5, to: 100, steps: 80)
    let after = learner.checkpoint
    #expect(before.model.fingerprint == after.model.fingerprint)
    #expect(before.optimizer.fingerprint == after.optimizer.fingerprint)
    #expect(before.position == after.position)
    #expect(learner.optimizer.parameters.allSatisfy { $0.gradient == nil })
    #expect(finding.rates.count == finding.losses.count)
    for rate in [finding.steepest, finding.valley] { #expect((1e-4...1).contains(try #require(rate)), "\(finding)") }
  }

  @Test("the finder ends when the loss explodes")
  func explosion() throws {
    let targets = TensorDataset(inputs: set.inputs, targets: set.inputs.sum(axis: 1, keepingDimensions: true))
    let learner = Learner(
      Linear(4, 1, using: RandomGenerator(seed: 1)), DataLoaders(targets, validation: targets, batchSize: 16),
      rule: SGD.Rule(learningRate: 1), loss: { ($0 - $1).square().mean() })
    let finding = try learner.findLearningRate(from: 1e-3, to: 1e3, steps: 100)
    #expect((20..<90).contains(finding.rates.count))
    #expect((0.005...0.5).contains(try #require(finding.valley)), "\(finding)")
  }

  @Test("predictions come in the data's order, whatever the loader's")
  func predictions() throws {
    let shuffled = try learner.predictions(on: DataLoader(set, batchSize: 10, shuffle: true, seed: 3), epoch: 2)
    let plain = try learner.predictions(on: DataLoader(set, batchSize: 64))
    #expect((shuffled.outputs - plain.outputs).abs().max().item() < 1e-6)
    #expect(shuffled.targets.scalars(as: Int.self) == set.classes)
    #expect((learner.predict(set.inputs) - plain.outputs).abs().max().item() == 0)
  }

  @Test("augmented views are averaged with the plain one")
  func augmented() throws {
    struct Shift: BatchTransform {
      func callAsFunction(_ batch: Batch, _ random: TransformRandom) -> Batch {
        let shifts = random.uniforms(1).map { Float($0[0]) }
        return Batch(inputs: batch.inputs + Tensor(shifts).unsqueezed(1), targets: batch.targets)
      }
    }
    let plain = DataLoader(set, batchSize: 16)
    let augmented = DataLoader(set, batchSize: 16, shuffle: true, seed: 5, transforms: [Shift()])
    let result = try learner.predictions(on: plain, augmentedBy: augmented, times: 3, plainShare: 0.4)
    var expected = learner.predict(set.inputs).softmax(axis: 1) * 0.4
    for epoch in 0..<3 {
      let views = set.all().transformed(by: [Shift()], seed: 5, epoch: epoch).inputs
      expected = expected + learner.predict(views).softmax(axis: 1) * 0.2
    }
    #expect((result.outputs - expected).abs().max().item() < 1e-6)
  }
}
