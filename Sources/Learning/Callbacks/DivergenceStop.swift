/// Ends a training when a batch's loss is no finite number any more: the weights stay as they were before that batch.
///
/// Every ``Learner`` begins with one; `learner.callbacks.removeAll { $0 is DivergenceStop }` lets it go on regardless.
///
/// ```swift
/// let set = TensorDataset(inputs: Tensor([[Double.nan], [1.0]]), targets: Tensor([0, 1]))
/// let learner = Learner(
///   Linear(1, 2, using: RandomGenerator(seed: 1)), DataLoaders(set, validation: set, batchSize: 1),
///   rule: SGD.Rule(learningRate: 1))
/// var stopped: TrainingDiverged?
/// do { try learner.fit(epochs: 3, learningRate: 0.1) } catch let error as TrainingDiverged { stopped = error }
/// stopped?.epoch ?? 0  // → 1
/// ```
public final class DivergenceStop: Callback {
  public override func afterLoss(_ learner: Learner) throws {
    guard learner.lossValue.isFinite else {
      let position = learner.position
      throw TrainingDiverged(
        epoch: position.epoch + 1, step: position.step, learningRate: learner.optimizer.learningRate)
    }
  }
}

/// The loss is no finite number any more: the steps were too large, or the data holds such numbers. The weights are as they were before that
/// batch.
public struct TrainingDiverged: TrainingControl, Equatable, CustomStringConvertible {
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
