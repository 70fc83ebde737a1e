import DataPipelines
import EvaluationMetrics
import Foundation
import Learning
import NeuralNetworks
import Optimizers
import TensorCore
import Testing

@Suite("Learner")
struct LearnerTests {
  private let data: TensorDataset
  private let model = Linear(2, 3, using: RandomGenerator(seed: 2))

  init() {
    let inputs = Tensor.normal([50, 2], using: RandomGenerator(seed: 1))
    let labels = (inputs[.all, 0] .> 0).cast(to: .int64) + (inputs[.all, 1] .> 0).cast(to: .int64)
    data = TensorDataset(inputs: inputs, targets: labels)
  }

  private func learner(rate: Double = 0.5, batchSize: Int = 16, _ callbacks: [Callback] = []) -> Learner {
    Learner(
      model, DataLoaders(data, validation: data, batchSize: batchSize, seed: 9), rule: SGD.Rule(learningRate: rate),
      metrics: [Accuracy()], callbacks: callbacks)
  }

  @Test("it does what a plain loop does, bit for bit")
  func plainLoop() throws {
    let learner = learner()
    try learner.fit(epochs: 3, learningRate: 0.5)
    try learner.fit(epochs: 1, learningRate: 0.25)

    let plain = Linear(2, 3, using: RandomGenerator(seed: 2))
    let optimizer = SGD(plain.parameters, learningRate: 0.5)
    let loader = DataLoader(data, batchSize: 16, shuffle: true, seed: 9)
    for epoch in 0..<4 {
      optimizer.learningRate = epoch < 3 ? 0.5 : 0.25
      for batch in loader.epoch(epoch) {
        optimizer.zeroGradients()
        crossEntropy(plain(batch.inputs), batch.targets).backward()
        optimizer.step()
      }
    }
    #expect(model.stateDictionary().fingerprint == plain.stateDictionary().fingerprint)
    #expect(learner.history.map(\.learningRate) == [0.5, 0.5, 0.5, 0.25])
  }

  @Test("an epoch's record has means over its samples")
  func records() throws {
    // A learning rate of 0: the loss of the batches is that of the whole.
    let learner = learner()
    try learner.fit(epochs: 2, learningRate: 0)
    let loss = crossEntropy(model(data.inputs), data.targets).item()
    #expect(learner.history.map(\.epoch) == [1, 2])
    #expect(learner.history.map(\.step) == [4, 8])
    for epoch in learner.history {
      #expect(abs(epoch.trainingLoss - loss) < 1e-6)
      #expect(abs(try #require(epoch.validation["loss"]) - loss) < 1e-6)
      #expect(epoch.validation["accuracy"] == evaluate(model, on: data).accuracy)
    }
    #expect(try learner.validate() == learner.history[1].validation)
    #expect(learner.history.best(by: .highest("accuracy"))?.epoch == 1)
  }

  @Test("a loss that is no number ends the training, with the weights as before")
  func diverges() throws {
    var inputs = data.inputs
    inputs[20, 0] = Tensor(Float.nan)
    let broken = TensorDataset(inputs: inputs, targets: data.targets)
    let learner = Learner(
      model, DataLoaders(training: DataLoader(broken, batchSize: 16), validation: DataLoader(data, batchSize: 16)),
      rule: SGD.Rule(learningRate: 1))
    #expect(throws: TrainingDiverged(epoch: 1, step: 1, learningRate: 0.1)) {
      try learner.fit(epochs: 3, learningRate: 0.1)
    }
    #expect(model.weight.value.isFinite().all().item(Bool.self))
    #expect(learner.position.step == 1 && learner.position.samples == 16)
  }

  @Test("the time spent waiting for data is told")
  func waiting() throws {
    struct Slow: Dataset {
      let base: TensorDataset
      var count: Int { base.count }
      func example(at index: Int) -> Example { base[index] }
      func batch(at indices: [Int]) -> Batch {
        usleep(20_000)
        return base.batch(at: indices)
      }
    }
    let loader = DataLoader(Slow(base: data), batchSize: 16)
    let learner = Learner(model, DataLoaders(training: loader, validation: DataLoader(data, batchSize: 50)))
    try learner.fit(epochs: 1, learningRate: 0.1)
    let record = learner.history[0]
    #expect(record.waitingSeconds >= 0.08 && record.waitingSeconds <= record.seconds)
  }

  @Test("metrics of outputs that are no numbers are none")
  func noNumbers() throws {
    model.weight.value = Tensor.full([3, 2], .nan)
    let values = try learner().validate()
    #expect(values["loss"]?.isNaN == true && values["accuracy"]?.isNaN == true)
  }

  @Test("one cycle is PyTorch's, of rate and momentum")
  func oneCycle() throws {
    final class Watch: Callback {
      var seen: [(Double, Double)] = []
      override func afterLoss(_ learner: Learner) {
        seen.append((learner.optimizer.learningRate, learner.optimizer.hyperparameter("momentum", ofGroup: 0) ?? .nan))
      }
    }
    let watch = Watch()
    let learner = learner([watch])
    try learner.fitOneCycle(epochs: 5, learningRate: 1)
    let rates = watch.seen.map(\.0)
    #expect(rates.count == 20)
    #expect(abs(rates[0] - 0.04) < 1e-12 && abs(rates[4] - 1) < 1e-12 && rates[19] < 1e-4)
    #expect(rates[...4] == ArraySlice(rates[...4].sorted()) && rates[4...] == ArraySlice(rates[4...].sorted(by: >)))
    let momenta = watch.seen.map(\.1)
    #expect(momenta[0] == 0.95 && abs(momenta[5] - 0.85) < 1e-12 && momenta[19] > 0.94)
    #expect(momenta.allSatisfy { (0.85...0.95).contains($0) })
  }

  @Test("evaluation leaves the model in its mode and records nothing")
  func evaluation() {
    let model = Sequential([Dropout(0.5, using: RandomGenerator(seed: 1)), self.model])
    let first = evaluate(model, on: data)
    #expect(model.isTraining && model[0].isTraining)
    #expect(evaluate(model, on: data, batchSize: 7).confusion == first.confusion)
    #expect(abs(first.loss - crossEntropy(self.model(data.inputs), data.targets).item()) < 1e-6)
    model.evaluate()
    _ = evaluate(model, on: data)
    #expect(!model.isTraining)
  }

  @Test("any metrics can be measured, over batches as over all")
  func measures() throws {
    let metrics = try measure(model, on: data, by: [Accuracy(), LogLoss(), BalancedAccuracy()], batchSize: 7)
    let result = evaluate(model, on: data)
    #expect(metrics[0].value == result.accuracy)
    #expect(abs(metrics[1].value - result.loss) < 1e-6)
    #expect(metrics[2].value == result.confusion.balancedAccuracy)
    #expect(model.isTraining)
  }
}
