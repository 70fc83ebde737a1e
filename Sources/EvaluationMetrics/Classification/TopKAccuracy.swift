import TensorCore

/// The share of samples whose class is among the k with the highest scores, in 0...1; of equal scores those of later classes are the higher
/// ones, as in scikit-learn.
///
/// Predictions are scores [batch, classes], targets classes [batch].
///
/// ```swift
/// var top2 = TopKAccuracy(2)
/// try top2.add(predictions: Tensor([[0.5, 0.3, 0.2], [0.5, 0.3, 0.2]]), targets: Tensor([1, 2]))
/// top2.value  // → 0.5
/// ```
public struct TopKAccuracy: Metric, Hashable, Codable {
  public let k: Int
  public private(set) var correct = 0
  public private(set) var samples = 0

  /// Stops unless k is at least 1.
  public init(_ k: Int = 5) {
    if k < 1 { stop("TopKAccuracy", "k is \(k)", fix: "use 1 or more") }
    self.k = k
  }

  public var name: String { "top-\(k) accuracy" }
  public var value: Double { Double(correct) / Double(samples) }

  public mutating func add(predictions: Tensor, targets: Tensor) throws(MetricError) {
    let input = MetricInput(name, predictions, targets)
    let scores = input.predictions
    guard scores.dtype.isFloatingPoint, scores.rank == 2, input.targetsAreClasses, targets.shape == [scores.shape[0]]
    else { input.mismatch(fix: "pass scores [batch, classes] and integer targets [batch]") }
    try input.refuseNaN()
    let labels = try input.labels(of: scores.shape[1]).unsqueezed(1)
    let own = scores.gathered(axis: 1, indices: labels)
    let places = Tensor.range(0, Double(scores.shape[1]), dtype: .int64)
    let isHigher = (scores .> own) .| ((scores .== own) .& (places .> labels))
    let rank = isHigher.cast(to: .int64).sum(axis: 1)
    correct += (rank .< Double(k)).countNonzero().item(Int.self)
    samples += labels.count
  }

  public mutating func merge(_ other: Self) {
    correct += other.correct
    samples += other.samples
  }
}
