import TensorCore

/// Ends a fit when a number has not become better for some epochs (Prechelt, "Early stopping — but when?", 1998). With ``Checkpoints`` the best
/// weights are kept in a file.
///
/// It has no state of its own: it goes by the learner's history, so that a training that was stopped and taken up again ends in the same epoch.
///
/// ```swift
/// let set = TensorDataset(inputs: Tensor([[0.0], [1.0]]), targets: Tensor([0, 1]))
/// let learner = Learner(
///   Linear(1, 2, using: RandomGenerator(seed: 1)), DataLoaders(set, validation: set, batchSize: 1),
///   rule: SGD.Rule(learningRate: 1), callbacks: [EarlyStopping(patience: 2, margin: 1)])
/// try learner.fit(epochs: 20, learningRate: 0.1)
/// learner.history.count  // → 3
/// ```
public final class EarlyStopping: Callback {
  public let monitor: Monitor
  /// How many epochs may pass without a better value.
  public let patience: Int
  /// How much better is better.
  public let margin: Double

  public init(_ monitor: Monitor = .lowest("loss"), patience: Int = 3, margin: Double = 0) {
    if patience < 1 || !(margin >= 0) {
      stop("EarlyStopping", "a patience of \(patience), a margin of \(margin)", fix: "use 1 or more, and 0 or more")
    }
    (self.monitor, self.patience, self.margin) = (monitor, patience, margin)
  }

  public override func afterEpoch(_ learner: Learner) throws {
    // The fit's own epochs.
    let records = Array(learner.history.suffix(learner.position.fitEpoch))
    let best = records.best(by: monitor, margin: margin)?.epoch ?? (records.first?.epoch ?? 1) - 1
    if learner.position.epoch - best >= patience { throw CancelFit() }
  }
}
