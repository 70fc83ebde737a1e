import DataPipelines
import EvaluationMetrics
import Foundation
import Learning
import NeuralNetworks
import Optimizers
import TensorCore
import Testing

/// A small problem with everything that has a state: dropout, batch normalisation, momentum, a schedule.
private struct Problem {
  let learner: Learner

  init(
    seed: UInt64 = 3, optimizer: ([Parameter]) -> any Optimizer = { AdamW($0, learningRate: 0.01) },
    callbacks: () -> [Callback] = { [] }
  ) {
    let random = RandomGenerator(seed: seed)
    let inputs = Tensor.normal([103, 1, 6, 6], using: RandomGenerator(seed: 1))
    let labels = (inputs.flattened(from: 1).sum(axis: 1) .> 0).cast(to: .int64)
    let set = TensorDataset(inputs: inputs, targets: labels)
    let data = DataLoaders(set, validation: set, batchSize: 8, seed: random.derived(2).state.seed)
    let (weights, dropout) = (random.derived(1), random.derived(3))
    let model = Sequential {
      Conv2d(1, 4, kernel: 3, using: weights)
      BatchNorm2d(4)
      ReLU()
      Flatten()
      Dropout(0.3, using: dropout)
      Linear(64, 2, using: weights)
    }
    learner = Learner(
      model, data, optimizer: optimizer(model.parameters), metrics: [Accuracy()],
      callbacks: callbacks(), generators: ["dropout": dropout])
  }

  /// Trains three epochs and then two, or to a batch, and gives the epochs' records without times.
  func train(untilStep last: Int = .max) throws -> [EpochRecord] {
    learner.callbacks.append(StepStop(last))
    do {
      try learner.fit(epochs: 3, schedule: .warmUpThenCosine(peak: 0.01, warmUp: 5, steps: 39))
      try learner.fitOneCycle(epochs: 2, learningRate: 0.01)
    } catch is TrainingInterrupted {}
    return learner.history.map(\.timeless)
  }

  var fingerprint: String {
    learner.model.stateDictionary().fingerprint + learner.optimizer.stateDictionary().fingerprint
  }
}

/// Interrupts a training after so many steps.
private final class StepStop: Callback {
  private let last: Int
  init(_ last: Int) { self.last = last }
  override func afterBatch(_ learner: Learner) throws {
    if learner.position.step == last { throw TrainingInterrupted(signal: 2) }
  }
}

extension EpochRecord {
  fileprivate var timeless: EpochRecord {
    var record = self
    record.seconds = 0
    record.samplesPerSecond = 0
    record.waitingSeconds = 0
    return record
  }
}

@Suite("Stopping and going on", .serialized)
struct ExactResumptionTests {
  /// 103 samples make 13 batches of at most 8: three epochs end at 39, two more at 65.
  @Test(
    "a training stopped after any batch ends with the bits and records of one that was not",
    arguments: [1, 6, 13, 20, 26, 38, 39, 40, 52, 64, 65])
  func resume(_ stop: Int) throws {
    let whole = Problem()
    let expected = try whole.train()
    #expect(expected.map(\.step) == [13, 26, 39, 52, 65])

    let folder = try TemporaryFolder()
    let first = Problem()
    _ = try first.train(untilStep: stop)
    #expect(first.learner.position.step == stop)
    try first.learner.checkpoint.write(to: folder.file("c"))

    let second = Problem()
    _ = Tensor.uniform([5], using: try #require(second.learner.generators["dropout"]))
    try second.learner.restore(try Checkpoint(contentsOf: folder.file("c")))
    #expect(try second.train() == expected)
    #expect(second.fingerprint == whole.fingerprint)
  }

  @Test("so do trainings with each optimiser, stopped three times")
  func optimizers() throws {
    let kinds: [([Parameter]) -> any Optimizer] = [
      { SGD($0, learningRate: 0.01, momentum: 0.9, weightDecay: 1e-3, nesterov: true) },
      { SGD($0, learningRate: 0.01) }, { Adam($0, learningRate: 0.01) },
    ]
    for kind in kinds { try compare([4, 17, 50]) { Problem(optimizer: kind) } }
  }

  @Test("so do trainings with callbacks that have a state", arguments: [3, 13, 14, 40, 51])
  func callbacks(_ stop: Int) throws {
    try compare([stop]) {
      Problem(callbacks: {
        [
          GradientAccumulation(3), GradientClipping(.norm(0.5)), WeightAveraging(decay: 0.9),
          EarlyStopping(.lowest("accuracy"), patience: 2), BatchTransforms([Mixup(classes: 2)], seed: 5),
          ScheduledParameter("weight_decay", .cosine(0.1, steps: 65)),
        ]
      })
    }
  }

  @Test("a recorder's curves are whole after a restart")
  func recorder() throws {
    let recorders = (0..<3).map { _ in Recorder() }
    _ = try Problem(callbacks: { [recorders[0]] }).train()
    let first = Problem(callbacks: { [recorders[1]] })
    _ = try first.train(untilStep: 30)
    let second = Problem(callbacks: { [recorders[2]] })
    try second.learner.restore(first.learner.checkpoint)
    _ = try second.train()
    #expect(recorders[2].losses == recorders[0].losses && recorders[0].losses.count == 65)
    #expect(recorders[2].learningRates == recorders[0].learningRates)
  }

  /// Whether a training that is stopped after these steps ends as one that was not.
  private func compare(_ stops: [Int], _ make: () -> Problem) throws {
    let whole = make()
    let expected = try whole.train()
    var part = make()
    for stop in stops {
      _ = try part.train(untilStep: stop)
      let checkpoint = part.learner.checkpoint
      part = make()
      try part.learner.restore(checkpoint)
    }
    #expect(try part.train() == expected)
    #expect(part.fingerprint == whole.fingerprint)
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
    let checkpoint = problem.learner.checkpoint
    let before = checkpoint.model.fingerprint + checkpoint.optimizer.fingerprint
    _ = try problem.train()
    #expect(checkpoint.model.fingerprint + checkpoint.optimizer.fingerprint == before)
  }
}
