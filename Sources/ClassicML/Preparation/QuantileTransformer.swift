import DataPipelines
import Tables
import TensorCore

/// Brings each feature to a uniform or a normal distribution, by the share of the fit's samples below a value; whatever the distribution
/// was, and wild values have no more influence than others. Between the fit's quantiles it goes by straight lines.
///
/// ```swift
/// let x = Tensor([[1.0], [2.0], [3.0], [100.0], [1000.0]], dtype: .float64)
/// try QuantileTransformer().fit(x).transform(x)  // → [[0.0], [0.25], [0.5], [0.75], [1.0]]
/// ```
public struct QuantileTransformer: Transformer {
  public enum Output: String, Sendable, Hashable, Codable {
    /// From 0 to 1.
    case uniform
    /// The standard normal quantiles of these, of shares bounded by 10⁻⁷ from 0 and 1.
    case normal
  }

  /// At most as many as there are samples.
  public var quantiles: Int
  public var output: Output

  public init(quantiles: Int = 1000, output: Output = .uniform) {
    (self.quantiles, self.output) = (quantiles, output)
  }

  public struct Fitted: InvertibleTransformer {
    /// At equal steps from 0 to 1, float64 [quantiles, features].
    public let quantiles: Tensor
    let output: QuantileTransformer.Output

    public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let x = try x.dense(for: QuantileTransformer.name, width: quantiles.shape[1])
      return changed(x) { [output] values, references in
        let shares = values.map { Scaler.share(below: $0, references) }
        return output == .uniform ? shares : Scaler.normalQuantiles(of: shares)
      }
    }

    public func inverseTransform(_ y: Tensor) throws(EstimatorError) -> Tensor {
      let y = try y.dense(for: QuantileTransformer.name, width: quantiles.shape[1])
      return changed(y) { [output] values, references in
        if output == .normal { return Scaler.quantiles(references: references).unscaled(values) }
        return values.map { quantile(Swift.min(Swift.max($0, 0), 1), ofSorted: references) }
      }
    }

    private func changed(
      _ x: Tensor, _ change: @escaping @Sendable ([Double], [Double]) -> [Double]
    ) -> Tensor {
      let (columns, references) = (x.columnArrays(), quantiles.columnArrays())
      let new = ParallelMap.map(count: columns.count, threads: Runtime.threads) {
        change(columns[$0], references[$0])
      }
      return Tensor(columns: new, dtype: x.dtype)
    }
  }

  public func fit(_ x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
    try require(\.quantiles, "1 or more") { $0 > 0 }
    let columns = try x.dense(for: Self.name).columnArrays()
    let count = Swift.min(quantiles, columns.first?.count ?? 0)
    let references = ParallelMap.map(count: columns.count, threads: Runtime.threads) { column in
      let sorted = columns[column].sorted()
      return (0..<count).map { quantile(count == 1 ? 0 : Double($0) / Double(count - 1), ofSorted: sorted) }
    }
    return Fitted(quantiles: Tensor(columns: references, dtype: .float64), output: output)
  }
}

extension QuantileTransformer.Fitted {
  public init(from decoder: any Decoder) throws {
    let parts = try decoder.container(keyedBy: CodingKeys.self)
    self.init(quantiles: try parts.value(.quantiles), output: try parts.value(.output))
    try decoder.require(quantiles.rank == 2 && quantiles.count > 0, "a matrix of quantiles")
  }
}
