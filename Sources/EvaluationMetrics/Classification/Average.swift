/// How the scores of several classes become one.
///
/// ```swift
/// var matrix = ConfusionMatrix(classes: 2)
/// try matrix.add(predictions: Tensor([0, 0, 0, 1]), targets: Tensor([0, 0, 1, 1]))
/// matrix.recall(.macro)  // → 0.75
/// ```
public enum Average: String, Sendable, Hashable, Codable, CaseIterable {
  /// Counted over all decisions together: large classes weigh more.
  case micro
  /// The plain mean over classes: each counts the same. Classes that occur neither among targets nor among predictions are left out.
  case macro
  /// The mean over classes, each weighted by its number of targets.
  case weighted

  /// Σ weight·score/Σ weight, over classes with a weight; NaN without any.
  static func mean(_ scores: [Double], weights: [Double]) -> Double {
    let terms = zip(scores, weights).map { $1 == 0 ? 0 : $0 * $1 }
    return terms.reduce(0, +) / weights.reduce(0, +)
  }
}
