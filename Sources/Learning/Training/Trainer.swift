import DataPipelines
import NeuralNetworks
import Optimizers
import TensorCore

/// Supervised training of a classifier, epoch by epoch, that can be stopped after any batch and taken up again.
///
/// What it adds to a plain loop is the bookkeeping: the position, the epoch's loss and accuracy, the schedule.
///
/// ```swift
/// let set = TensorDataset(inputs: Tensor([[0.0], [1.0]]), targets: Tensor([0, 1]))
/// let model = Linear(1, 2, using: RandomGenerator(seed: 1))
/// let trainer = Trainer(model, optimizer: SGD(model.parameters, learningRate: 1), schedule: .constant(1))
/// let loader = DataLoader(set, batchSize: 2)
/// try trainer.train(on: loader, testedOn: set, epochs: 50)
/// evaluate(model, on: set).accuracy  // → 1.0
/// ```
public final class Trainer {
  public let model: any Layer
  public let optimizer: any Optimizer
  /// The learning rate at each step, counted from 0 over the whole training.
  public let schedule: Schedule
  /// The generators that the model draws from while it is trained, as dropout does, by names of your choice: their
  /// states belong to a checkpoint.
  public let generators: [String: RandomGenerator]
  /// Where the training stands.
  public private(set) var position = TrainingPosition()

  public init(
    _ model: any Layer, optimizer: any Optimizer, schedule: Schedule,
    generators: [String: RandomGenerator] = [:]
  ) {
    self.model = model
    self.optimizer = optimizer
    self.schedule = schedule
    self.generators = generators
  }

  /// Trains until `epochs` epochs are done in all, and tests after each.
  ///
  /// - Parameters:
  ///   - shouldStop: Asked after every batch.
  ///   - afterBatch: Called after every batch; ``position`` tells what has been done.
  ///   - afterEpoch: Called after the test at an epoch's end.
  /// - Returns: Whether all epochs are done; false when `shouldStop` ended the training before.
  /// - Throws: ``TrainingDiverged``, and what reading the data or `afterEpoch` throws.
  @discardableResult
  public func train(
    on loader: DataLoader<some Error>, testedOn test: some Dataset, epochs: Int,
    stoppingWhen shouldStop: () -> Bool = { false }, afterBatch: () -> Void = {},
    afterEpoch: (EpochMetrics) throws -> Void = { _ in }
  ) throws -> Bool {
    while position.epoch < epochs {
      model.train()
      var batches = loader.epoch(position.epoch, from: position.batch)
      var lap = ContinuousClock.now
      while let batch = try batches.next() {
        try step(batch)
        position.seconds += lap.duration(to: .now) / .seconds(1)
        lap = .now
        afterBatch()
        if shouldStop() { return false }
      }
      try afterEpoch(finishEpoch(try evaluate(model, on: test)))
    }
    return true
  }

  /// One step: forward, loss, backward, update.
  public func step(_ batch: Batch) throws(TrainingDiverged) {
    optimizer.learningRate = schedule(position.step)
    let logits = model(batch.inputs)
    let loss = crossEntropy(logits, batch.targets)
    guard loss.item().isFinite else {
      throw TrainingDiverged(epoch: position.epoch + 1, step: position.step, learningRate: optimizer.learningRate)
    }
    optimizer.zeroGradients()
    loss.backward()
    optimizer.step()
    position.metrics.add(loss: loss.item(), logits: logits, labels: batch.targets)
    position.batch += 1
    position.step += 1
  }

  /// Turns to the next epoch.
  private func finishEpoch(_ test: Evaluation) -> EpochMetrics {
    let done = position
    position.epoch += 1
    position.batch = 0
    position.metrics = ClassificationMetrics()
    position.seconds = 0
    position.testAccuracy = test.accuracy
    if test.accuracy > position.bestAccuracy ?? -1 {
      position.bestAccuracy = test.accuracy
      position.bestEpoch = position.epoch
    }
    return EpochMetrics(
      epoch: position.epoch, step: position.step, trainLoss: done.metrics.loss, trainAccuracy: done.metrics.accuracy,
      testLoss: test.loss, testAccuracy: test.accuracy, learningRate: optimizer.learningRate, seconds: done.seconds,
      samplesPerSecond: done.seconds > 0 ? Double(done.metrics.samples) / done.seconds : 0)
  }
}

// MARK: - Stopping and going on

extension Trainer {
  /// All that another trainer of the same kind needs to go on from here.
  public var checkpoint: Checkpoint {
    Checkpoint(
      model: model.stateDictionary(), optimizer: optimizer.stateDictionary(), position: position,
      generators: generators.mapValues(\.state))
  }

  /// Goes back to a checkpoint.
  ///
  /// - Throws: ``StateDictionaryError`` when it is one of another model or optimiser.
  public func restore(_ checkpoint: Checkpoint) throws(StateDictionaryError) {
    let before = model.stateDictionary()
    try model.load(stateDictionary: checkpoint.model)
    do throws(StateDictionaryError) {
      try optimizer.load(stateDictionary: checkpoint.optimizer)
    } catch {
      try model.load(stateDictionary: before)
      throw error
    }
    for (name, generator) in generators {
      if let state = checkpoint.generators[name] { generator.state = state }
    }
    position = checkpoint.position
  }
}

/// The loss is no finite number any more: the steps were too large. The weights are as they were before that batch.
public struct TrainingDiverged: Error, Sendable, Equatable, CustomStringConvertible {
  /// From 1.
  public let epoch: Int
  /// The steps done before.
  public let step: Int
  public let learningRate: Double

  public init(epoch: Int, step: Int, learningRate: Double) {
    self.epoch = epoch
    self.step = step
    self.learningRate = learningRate
  }

  public var description: String {
    "The training diverged: in epoch \(epoch), after \(step) steps, the loss is no finite number "
      + "(learning rate \(learningRate))."
  }
}
