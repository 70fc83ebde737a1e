import TensorCore

/// The mean loss and the accuracy of what has been seen so far, batch by batch.
///
/// ```swift
/// var metrics = ClassificationMetrics()
/// metrics.add(loss: 0.5, logits: Tensor([[2.0, 1.0], [0.0, 3.0]]), labels: Tensor([0, 0]))
/// metrics.accuracy  // → 0.5
/// ```
public struct ClassificationMetrics: Sendable, Hashable, Codable {
  /// The sum over samples of the loss.
  public var lossSum = 0.0
  /// How many samples had their label predicted.
  public var correct = 0
  /// How many samples were seen.
  public var samples = 0

  public init() {}

  /// The mean loss of a sample; 0 before the first.
  public var loss: Double { samples == 0 ? 0 : lossSum / Double(samples) }

  /// The share of samples whose label was predicted, in 0...1; 0 before the first.
  public var accuracy: Double { samples == 0 ? 0 : Double(correct) / Double(samples) }

  /// Adds a batch: its mean loss, its logits [batch, classes] and its labels [batch].
  public mutating func add(loss: Double, logits: Tensor, labels: Tensor) {
    let predicted = withoutGradients { logits.argmax(axis: 1) }
    lossSum += loss * Double(labels.count)
    correct += (predicted .== labels.cast(to: .int64)).sum().item(Int.self)
    samples += labels.count
  }
}
