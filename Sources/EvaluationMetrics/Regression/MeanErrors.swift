import TensorCore

/// The mean absolute error, mean |target − prediction|, in the targets' unit.
///
/// ```swift
/// var error = MeanAbsoluteError()
/// try error.add(predictions: Tensor([2.5, 0.0, 2.0, 8.0]), targets: Tensor([3.0, -0.5, 2.0, 7.0]))
/// error.value  // → 0.5
/// ```
public struct MeanAbsoluteError: RegressionMetric, Hashable, Codable {
  public var moments = ErrorMoments()
  public init() {}
  public var name: String { "MAE" }
  public var greaterIsBetter: Bool { false }
  public var value: Double { moments.mean { $0.absolute / Double(moments.samples) } }
}

/// The mean squared error, mean (target − prediction)².
///
/// ```swift
/// var error = MeanSquaredError()
/// try error.add(predictions: Tensor([2.5, 0.0, 2.0, 8.0]), targets: Tensor([3.0, -0.5, 2.0, 7.0]))
/// error.value  // → 0.375
/// ```
public struct MeanSquaredError: RegressionMetric, Hashable, Codable {
  public var moments = ErrorMoments()
  public init() {}
  public var name: String { "MSE" }
  public var greaterIsBetter: Bool { false }
  public var value: Double { moments.mean { $0.squared / Double(moments.samples) } }
}

/// The root of the mean squared error, √mean (target − prediction)², in the targets' unit. Of several outputs each has its own root.
///
/// ```swift
/// var error = RootMeanSquaredError()
/// try error.add(predictions: Tensor([1.0, 1.0]), targets: Tensor([4.0, 5.0]))
/// error.value == 12.5.squareRoot()  // → true
/// ```
public struct RootMeanSquaredError: RegressionMetric, Hashable, Codable {
  public var moments = ErrorMoments()
  public init() {}
  public var name: String { "RMSE" }
  public var greaterIsBetter: Bool { false }
  public var value: Double { moments.mean { ($0.squared / Double(moments.samples)).squareRoot() } }
}
