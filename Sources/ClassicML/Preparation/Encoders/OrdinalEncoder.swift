import Tables
import TensorCore

/// Each category as its position among its feature's, in ascending order. Features are numbers, names in rows, or a table's columns.
///
/// ```swift
/// let encoder = try OrdinalEncoder().fit([["red", "small"], ["blue", "large"]])
/// try encoder.transform([["red", "large"]])  // → [[1.0, 0.0]]
/// ```
public struct OrdinalEncoder: Transformer {
  /// What stands for an unknown category; nil: it is refused.
  public var unknownValue: Double?

  public init(unknownValue: Double? = nil) { self.unknownValue = unknownValue }

  public func fit(_ x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
    try fitted(CategoryValues(try x.dense(for: Self.name)))
  }

  /// Of rows of names.
  public func fit(_ rows: [[String]]) throws(EstimatorError) -> Fitted {
    try fitted(CategoryValues(rows, for: Self.name))
  }

  /// Of all columns of a table.
  public func fit(_ table: Table) throws(EstimatorError) -> Fitted { try fitted(CategoryValues(table)) }

  private func fitted(_ columns: CategoryValues) throws(EstimatorError) -> Fitted {
    Fitted(categories: try Categories(fitting: columns, for: Self.name), unknownValue: unknownValue)
  }

  public struct Fitted: InvertibleTransformer {
    public typealias Input = any FeatureMatrix
    public typealias Output = Tensor

    let categories: Categories
    let unknownValue: Double?

    /// Of each feature.
    public var levels: [CategoryLevels] { categories.levels }

    /// [samples, features]
    public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let x = try x.dense(for: OrdinalEncoder.name, width: levels.count)
      return try encoded(CategoryValues(x), x.dtype)
    }

    /// float64 [samples, features]
    public func transform(_ rows: [[String]]) throws(EstimatorError) -> Tensor {
      try encoded(CategoryValues(rows, for: OrdinalEncoder.name), .float64)
    }

    /// float64 [samples, features]
    public func transform(_ table: Table) throws(EstimatorError) -> Tensor {
      try encoded(CategoryValues(table), .float64)
    }

    private func encoded(_ columns: CategoryValues, _ dtype: DType) throws(EstimatorError) -> Tensor {
      let positions = try categories.positions(
        of: columns, unknown: unknownValue == nil ? .refused : .ignored, for: OrdinalEncoder.name)
      let values = positions.map { $0.map { $0 < 0 ? unknownValue ?? .nan : Double($0) } }
      return Tensor(columns: values, dtype: dtype)
    }

    /// The numbers at these positions; NaN where there is none.
    public func inverseTransform(_ y: Tensor) throws(EstimatorError) -> Tensor {
      try categories.numbers(at: positions(in: y), for: OrdinalEncoder.name)
    }

    /// The names at these positions, row by row; nil where there is none.
    public func names(of y: Tensor) throws(EstimatorError) -> [[String?]] { categories.names(at: try positions(in: y)) }

    private func positions(in y: Tensor) throws(EstimatorError) -> [[Int]] {
      let y = try y.dense(for: OrdinalEncoder.name, width: levels.count)
      return y.columnArrays().map { $0.map { Int(exactly: $0) ?? -1 } }
    }
  }
}
