import Tables
import TensorCore

/// Fills missing numbers (NaN) with one number for each feature.
///
/// ```swift
/// let x = Tensor([[1.0, .nan], [3.0, 5.0], [.nan, 7.0]], dtype: .float64)
/// try SimpleImputer().fit(x).transform(x)  // → [[1.0, 6.0], [3.0, 5.0], [2.0, 7.0]]
/// ```
public struct SimpleImputer: Transformer {
  public enum Strategy: Sendable, Hashable, Codable {
    case mean, median
    /// Of several, the least.
    case mostFrequent
    case constant(Double)
  }

  public var strategy: Strategy
  /// Whether a column is added for each feature that was missing in the fit: 1 where it is missing, else 0.
  public var indicatesMissing: Bool

  public init(strategy: Strategy = .mean, indicatesMissing: Bool = false) {
    (self.strategy, self.indicatesMissing) = (strategy, indicatesMissing)
  }

  public struct Fitted: FittedTransformer {
    /// What is filled in, float64 [features].
    public let fills: Tensor
    /// The features that have a column of their own for missing values, behind all others.
    public let indicated: [Int]

    public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let x = try x.dense(for: SimpleImputer.name, width: fills.count, allowsMissing: true)
      let missing = x.isNaN()
      let filled = Tensor.where(missing, fills.cast(to: x.dtype).expanded(to: x.shape), x)
      if indicated.isEmpty { return filled }
      let places = Tensor(indicated, shape: [indicated.count])
      return Tensor.concatenated(
        [filled, missing.cast(to: x.dtype).indexSelected(axis: 1, indices: places)], axis: 1)
    }
  }

  public func fit(_ x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
    if case .constant(let value) = strategy, !value.isFinite {
      throw .hyperparameter("strategy", of: Self.name, expected: "a finite number", found: "\(value)")
    }
    let x = try x.dense(for: Self.name, allowsMissing: true)
    var (fills, indicated) = ([Double](), [Int]())
    for (feature, column) in x.columnArrays().enumerated() {
      let present = column.filter { !$0.isNaN }
      if present.count < column.count && indicatesMissing { indicated.append(feature) }
      fills.append(try fill(present, feature))
    }
    return Fitted(fills: Tensor(fills, dtype: .float64), indicated: indicated)
  }

  private func fill(_ present: [Double], _ feature: Int) throws(EstimatorError) -> Double {
    if case .constant(let value) = strategy { return value }
    if present.isEmpty {
      throw .input("x", of: Self.name, expected: "a number in each feature", found: "none in column \(feature)")
    }
    switch strategy {
    case .mean: return present.reduce(0, +) / Double(present.count)
    case .median: return quantile(0.5, ofSorted: present.sorted())
    case .mostFrequent:
      let counts = Dictionary(present.map { ($0, 1) }, uniquingKeysWith: +)
      return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? .nan
    case .constant(let value): return value
    }
  }
}

extension SimpleImputer.Fitted {
  public init(from decoder: any Decoder) throws {
    let parts = try decoder.container(keyedBy: CodingKeys.self)
    self.init(fills: try parts.value(.fills), indicated: try parts.value(.indicated))
    try decoder.require(
      fills.rank == 1 && indicated.allSatisfy { (0..<fills.count).contains($0) }, "features among those that are filled"
    )
  }
}
