import TensorCore

/// The area under the receiver operating characteristic: the probability that a sample of a class has a higher score than one that is not of it,
/// where equal scores count one half (Hanley & McNeil, "The meaning and use of the area under a ROC curve", 1982). Computed from ranks, thus exact:
/// (Σ ranks of positives − P·(P + 1)/2)/(P·N), equal scores sharing their mean rank.
///
/// - Two classes: predictions [batch] or [batch, 2], targets [batch] of 0 and 1.
/// - More: predictions [batch, classes], targets [batch]; each class against the rest, then averaged.
/// - Independent labels: predictions and targets (0 and 1) [batch, labels].
///
/// NaN for a class of which all samples are or none is, and for a macro average with such a class. It keeps all scores: 9 bytes each.
///
/// ```swift
/// var auc = ROCAUC()
/// try auc.add(predictions: Tensor([0.1, 0.4, 0.35, 0.8]), targets: Tensor([0, 0, 1, 1]))
/// auc.value  // → 0.75
/// ```
public struct ROCAUC: Metric, Hashable, Codable {
  public let kind: PredictionKind
  public let average: Average
  private var scores = RankedScores()

  /// - Parameter kind: Logits of several classes become probabilities first, so that scores of different samples can be compared.
  public init(from kind: PredictionKind = .logits, average: Average = .macro) {
    self.kind = kind
    self.average = average
  }

  public var name: String { "ROC AUC" }
  public var value: Double { scores.samples == 0 ? .nan : scores.averaged(average, \.areaUnderROC) }
  /// One for each class or label; one in all where there are two classes.
  public var perClass: [Double] { scores.columns.map(\.areaUnderROC) }

  public mutating func add(predictions: Tensor, targets: Tensor) throws(MetricError) {
    try scores.add(MetricInput(name, predictions, targets), kind)
  }

  public mutating func merge(_ other: Self) { scores.merge(other.scores) }
}

extension RankedScores.Column {
  fileprivate var areaUnderROC: Double {
    let (positives, negatives) = (Double(positives), Double(scores.count - positives))
    var below = 0.0
    var sum = 0.0
    for group in groups {
      // The mean of the ranks below + 1 … below + count.
      sum += Double(group.positives) * (below + Double(group.count + 1) / 2)
      below += Double(group.count)
    }
    return (sum - positives * (positives + 1) / 2) / (positives * negatives)
  }
}
