import TensorCore

/// The coefficient of determination, R² = 1 − Σ (t − p)²/Σ (t − t̄)²: 1 where all is predicted, 0 for what always predicts the targets' mean t̄,
/// less for worse.
///
/// For targets that are all the same it is 1 if they are predicted, else 0; NaN for fewer than two samples. All as in scikit-learn.
///
/// ```swift
/// var score = R2Score()
/// try score.add(predictions: Tensor([1.0, 2.0, 4.0]), targets: Tensor([1.0, 2.0, 3.0]))
/// score.value  // → 0.5
/// ```
public struct R2Score: RegressionMetric, Hashable, Codable {
  public var moments = ErrorMoments()
  public init() {}
  public var name: String { "R²" }
  public var value: Double {
    moments.samples < 2 ? .nan : moments.mean { explained($0.squared, of: $0.targets.squares) }
  }
}

/// The share of the targets' variance that predictions explain, 1 − Var(t − p)/Var(t): as R², but a constant error does not count.
///
/// For targets that are all the same it is 1 if the errors are too, else 0, as in scikit-learn.
///
/// ```swift
/// var score = ExplainedVariance()
/// try score.add(predictions: Tensor([11.0, 12.0, 13.0]), targets: Tensor([1.0, 2.0, 3.0]))
/// score.value  // → 1.0
/// ```
public struct ExplainedVariance: RegressionMetric, Hashable, Codable {
  public var moments = ErrorMoments()
  public init() {}
  public var name: String { "explained variance" }
  public var value: Double { moments.mean { explained($0.errors.squares, of: $0.targets.squares) } }
}

/// 1 − rest/whole; of nothing, all or nothing.
private func explained(_ rest: Double, of whole: Double) -> Double {
  whole > 0 ? 1 - rest / whole : rest == 0 ? 1 : 0
}
