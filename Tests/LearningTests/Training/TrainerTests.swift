import DataPipelines
import EvaluationMetrics
import Learning
import NeuralNetworks
import Optimizers
import TensorCore
import Testing

@Suite("Trainer")
struct TrainerTests {
  private let data: TensorDataset
  private let model = Linear(2, 3, using: RandomGenerator(seed: 2))

  init() {
    let inputs = Tensor.normal([50, 2], using: RandomGenerator(seed: 1))
    let labels = (inputs[.all, 0] .> 0).cast(to: .int64) + (inputs[.all, 1] .> 0).cast(to: .int64)
    data = TensorDataset(inputs: inputs, targets: labels)
  }

  @Test("it does what a plain loop does, bit for bit")
  func plainLoop() throws {
    let loader = DataLoader(data, batchSize: 16, shuffle: true, seed: 9)
    let trainer = Trainer(model, optimizer: SGD(model.parameters, learningRate: 0.5), schedule: .constant(0.5))
    try trainer.train(on: loader, testedOn: data, epochs: 4)

    let plain = Linear(2, 3, using: RandomGenerator(seed: 2))
    let optimizer = SGD(plain.parameters, learningRate: 0.5)
    for epoch in 0..<4 {
      for batch in loader.epoch(epoch) {
        optimizer.zeroGradients()
        crossEntropy(plain(batch.inputs), batch.targets).backward()
        optimizer.step()
      }
    }
    #expect(model.stateDictionary().fingerprint == plain.stateDictionary().fingerprint)
  }

  @Test("an epoch's metrics are means over its samples")
  func metrics() throws {
    // A learning rate of 0: the loss of the batches is that of the whole.
    let trainer = Trainer(model, optimizer: SGD(model.parameters, learningRate: 0), schedule: .constant(0))
    var epochs: [EpochMetrics] = []
    try trainer.train(on: DataLoader(data, batchSize: 16), testedOn: data, epochs: 2, afterEpoch: { epochs.append($0) })
    let loss = crossEntropy(model(data.inputs), data.targets).item()
    #expect(epochs.map(\.epoch) == [1, 2])
    #expect(epochs.map(\.step) == [4, 8])
    for epoch in epochs {
      #expect(abs(epoch.trainLoss - loss) < 1e-6)
      #expect(abs(epoch.testLoss - loss) < 1e-6)
      #expect(epoch.trainAccuracy == epoch.testAccuracy)
    }
    #expect(trainer.position.bestEpoch == 1)
  }

  @Test("it stops after the batch at work, and knows where it stands")
  func stops() throws {
    let trainer = Trainer(model, optimizer: SGD(model.parameters, learningRate: 0.1), schedule: .constant(0.1))
    var batches = 0
    let isDone = try trainer.train(
      on: DataLoader(data, batchSize: 16), testedOn: data, epochs: 3, stoppingWhen: { batches == 6 },
      afterBatch: { batches += 1 })
    #expect(!isDone)
    #expect(trainer.position.epoch == 1)
    #expect(trainer.position.batch == 2)
    #expect(trainer.position.metrics.samples == 32)
  }

  @Test("a loss that is no number ends the training, with the weights as before")
  func diverges() throws {
    var inputs = data.inputs
    inputs[20, 0] = Tensor(Float.nan)
    let broken = TensorDataset(inputs: inputs, targets: data.targets)
    let trainer = Trainer(model, optimizer: SGD(model.parameters, learningRate: 0.1), schedule: .constant(0.1))
    #expect(throws: TrainingDiverged(epoch: 1, step: 1, learningRate: 0.1)) {
      try trainer.train(on: DataLoader(broken, batchSize: 16), testedOn: data, epochs: 3)
    }
    #expect(model.weight.value.isFinite().all().item(Bool.self))
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
