import DataPipelines
import Foundation
import Learning
import NeuralNetworks
import Optimizers
import TensorCore
import Testing

/// A small problem with everything that has a state: dropout, batch normalisation, momentum, a schedule.
private struct Problem {
  let data: TensorDataset
  let loader: DataLoader<Never>
  let trainer: Trainer

  init(seed: UInt64 = 3, optimizer: ([Parameter]) -> any Optimizer = { AdamW($0, learningRate: 0.01) }) {
    let random = RandomGenerator(seed: seed)
    let inputs = Tensor.normal([103, 1, 6, 6], using: RandomGenerator(seed: 1))
    let labels = (inputs.flattened(from: 1).sum(axis: 1) .> 0).cast(to: .int64)
    data = TensorDataset(inputs: inputs, targets: labels)
    loader = DataLoader(data, batchSize: 8, shuffle: true, seed: random.derived(2).state.seed)
    let (weights, dropout) = (random.derived(1), random.derived(3))
    let model = Sequential {
      Conv2d(1, 4, kernel: 3, using: weights)
      BatchNorm2d(4)
      ReLU()
      Flatten()
      Dropout(0.3, using: dropout)
      Linear(64, 2, using: weights)
    }
    trainer = Trainer(
      model, optimizer: optimizer(model.parameters), schedule: .warmUpThenCosine(peak: 0.01, warmUp: 5, steps: 39),
      generators: ["dropout": dropout])
  }

  /// Trains three epochs, or to a batch, and gives each epoch's metrics without times.
  func train(untilStep last: Int = .max) throws -> [EpochMetrics] {
    var epochs: [EpochMetrics] = []
    try trainer.train(
      on: loader, testedOn: data, epochs: 3, stoppingWhen: { trainer.position.step >= last },
      afterEpoch: { epochs.append($0.timeless) })
    return epochs
  }

  var fingerprint: String {
    trainer.model.stateDictionary().fingerprint + trainer.optimizer.stateDictionary().fingerprint
  }
}

extension EpochMetrics {
  fileprivate var timeless: EpochMetrics {
    var metrics = self
    metrics.seconds = 0
    metrics.samplesPerSecond = 0
    return metrics
  }
}

@Suite("Stopping and going on", .serialized)
struct ExactResumptionTests {
  /// 103 samples make 13 batches of at most 8.
  @Test(
    "a training stopped after any batch ends with the bits and metrics of one that was not",
    arguments: [1, 6, 13, 20, 26, 38, 39])
  func resume(_ stop: Int) throws {
    let whole = Problem()
    let expected = try whole.train()
    #expect(expected.map(\.step) == [13, 26, 39])

    let folder = try TemporaryFolder()
    let first = Problem()
    var epochs = try first.train(untilStep: stop)
    #expect(first.trainer.position.step == stop)
    try first.trainer.checkpoint.write(to: folder.file("c"))

    // Another seed, so that all that is not in the checkpoint would show, but for the order of the batches.
    let second = Problem()
    _ = Tensor.uniform([5], using: try #require(second.trainer.generators["dropout"]))
    try second.trainer.restore(try Checkpoint(contentsOf: folder.file("c")))
    epochs += try second.train()
    #expect(epochs == expected)
    #expect(second.fingerprint == whole.fingerprint)
  }

  @Test("so do trainings with each optimiser, stopped three times")
  func optimizers() throws {
    let kinds: [([Parameter]) -> any Optimizer] = [
      { SGD($0, learningRate: 0.01, momentum: 0.9, weightDecay: 1e-3, nesterov: true) },
      { SGD($0, learningRate: 0.01) }, { Adam($0, learningRate: 0.01) },
    ]
    for kind in kinds {
      let whole = Problem(optimizer: kind)
      let expected = try whole.train()
      var part = Problem(optimizer: kind)
      var epochs: [EpochMetrics] = []
      for stop in [4, 17, 30] {
        epochs += try part.train(untilStep: stop)
        let checkpoint = part.trainer.checkpoint
        part = Problem(optimizer: kind)
        try part.trainer.restore(checkpoint)
      }
      epochs += try part.train()
      #expect(epochs == expected)
      #expect(part.fingerprint == whole.fingerprint)
    }
  }

  @Test("the bits do not depend on the number of threads, and are the same twice in a row")
  func threads() throws {
    let before = Runtime.threads
    defer { Runtime.threads = before }
    var fingerprints: Set<String> = []
    for threads in [1, 2, 3, 1] {
      Runtime.threads = threads
      let problem = Problem()
      _ = try problem.train()
      fingerprints.insert(problem.fingerprint)
    }
    #expect(fingerprints.count == 1)
  }

  @Test("another seed gives other bits")
  func seeds() throws {
    let problems = [Problem(seed: 3), Problem(seed: 4)]
    for problem in problems { _ = try problem.train(untilStep: 3) }
    #expect(problems[0].fingerprint != problems[1].fingerprint)
  }

  @Test("a checkpoint does not change when training goes on")
  func independent() throws {
    let problem = Problem()
    _ = try problem.train(untilStep: 5)
    let checkpoint = problem.trainer.checkpoint
    let before = checkpoint.model.fingerprint + checkpoint.optimizer.fingerprint
    _ = try problem.train()
    #expect(checkpoint.model.fingerprint + checkpoint.optimizer.fingerprint == before)
  }
}
