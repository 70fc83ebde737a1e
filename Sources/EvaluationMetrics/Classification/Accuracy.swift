import TensorCore

/// The share of samples whose class was predicted: correct/samples, in 0...1.
///
/// Predictions are scores [batch, classes, ...], of which the highest counts (the first of equal ones), or classes [batch, ...]; targets are
/// classes [batch, ...].
///
/// ```swift
/// var accuracy = Accuracy()
/// try accuracy.add(predictions: Tensor([0, 1, 1, 2]), targets: Tensor([0, 1, 2, 2]))
/// accuracy.value  // → 0.75
/// ```
public struct Accuracy: Metric, Hashable, Codable {
  /// How many samples had their class predicted, and how many there were.
  public private(set) var correct = 0
  public private(set) var samples = 0

  public init() {}

  public var name: String { "accuracy" }
  public var value: Double { Double(correct) / Double(samples) }

  public mutating func add(predictions: Tensor, targets: Tensor) throws(MetricError) {
    let (predicted, actual, _) = try MetricInput(name, predictions, targets).classes()
    correct += (predicted .== actual).countNonzero().item(Int.self)
    samples += actual.count
  }

  public mutating func merge(_ other: Self) {
    correct += other.correct
    samples += other.samples
  }
}
