/// Where a training stands, between two batches: with the model's, the optimiser's and the generators' state all that
/// is needed to go on as if it had not stopped.
public struct TrainingPosition: Sendable, Hashable, Codable {
  /// Whole epochs done.
  public var epoch = 0
  /// Batches done of the epoch after them.
  public var batch = 0
  /// Batches done in all.
  public var step = 0
  /// What those batches of the unfinished epoch have shown so far.
  public var metrics = ClassificationMetrics()
  /// How long they took, in seconds.
  public var seconds = 0.0
  /// The accuracy on the held-out data after the last whole epoch.
  public var testAccuracy: Double?
  /// The best of all epochs, and the first epoch, from 1, that reached it.
  public var bestAccuracy: Double?
  public var bestEpoch: Int?

  public init() {}
}
