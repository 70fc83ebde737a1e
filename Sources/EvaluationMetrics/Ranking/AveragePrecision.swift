import TensorCore

/// The mean precision over the recalls that thresholds lead to: Σ (Rₙ − Rₙ₋₁)·Pₙ, with recall R and precision P when all samples at or above the
/// n-th highest of the distinct scores are taken for positive. No interpolation, as in scikit-learn.
///
/// - Two classes: predictions [batch] or [batch, 2], targets [batch] of 0 and 1.
/// - More: predictions [batch, classes], targets [batch]; each class against the rest, then averaged.
/// - Independent labels: predictions and targets (0 and 1) [batch, labels].
///
/// 0 for a class of which no sample is. It keeps all scores: 9 bytes each.
///
/// ```swift
/// var precision = AveragePrecision()
/// try precision.add(predictions: Tensor([0.1, 0.4, 0.35, 0.8]), targets: Tensor([0, 1, 0, 1]))
/// precision.value  // → 1.0
/// ```
public struct AveragePrecision: Metric, Hashable, Codable {
  public let kind: PredictionKind
  public let average: Average
  private var scores = RankedScores()

  /// - Parameter kind: Logits of several classes become probabilities first, so that scores of different samples can be compared.
  public init(from kind: PredictionKind = .logits, average: Average = .macro) {
    self.kind = kind
    self.average = average
  }

  public var name: String { "average precision" }
  public var value: Double { scores.samples == 0 ? .nan : scores.averaged(average, \.averagePrecision) }
  /// One for each class or label; one in all where there are two classes.
  public var perClass: [Double] { scores.columns.map(\.averagePrecision) }

  public mutating func add(predictions: Tensor, targets: Tensor) throws(MetricError) {
    try scores.add(MetricInput(name, predictions, targets), kind)
  }

  public mutating func merge(_ other: Self) { scores.merge(other.scores) }
}

extension RankedScores.Column {
  fileprivate var averagePrecision: Double {
    let all = positives
    var (hits, taken, sum) = (0, 0, 0.0)
    for group in groups.reversed() {
      hits += group.positives
      taken += group.count
      sum += Double(group.positives) * Double(hits) / Double(taken)
    }
    return all == 0 ? 0 : sum / Double(all)
  }
}
