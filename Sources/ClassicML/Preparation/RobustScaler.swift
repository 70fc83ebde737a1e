import Tables
import TensorCore

/// Centres each feature by its median and divides by the distance between two of its quantiles, on which a few wild values have no influence:
/// z = (x − median)/(q₇₅ − q₂₅).
///
/// ```swift
/// let x = Tensor([[1.0], [2.0], [3.0], [4.0], [1000.0]], dtype: .float64)
/// try RobustScaler().fit(x).transform(x)  // → [[-1.0], [-0.5], [0.0], [0.5], [498.5]]
/// ```
public struct RobustScaler: Transformer {
  public var centres: Bool
  public var scales: Bool
  /// As shares, from 0 to 1.
  public var quantileRange: ClosedRange<Double>
  /// Whether the scale is such that a normal distribution gets the deviation 1.
  public var unitVariance: Bool

  public init(
    centres: Bool = true, scales: Bool = true, quantileRange: ClosedRange<Double> = 0.25...0.75,
    unitVariance: Bool = false
  ) {
    (self.centres, self.scales) = (centres, scales)
    (self.quantileRange, self.unitVariance) = (quantileRange, unitVariance)
  }

  public struct Fitted: InvertibleTransformer {
    /// The medians, float64 [features]; zeros if the scaler does not centre.
    public let centre: Tensor
    /// float64 [features]; ones if it does not scale, and for features whose quantiles are equal.
    public let scale: Tensor

    public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let x = try x.dense(for: RobustScaler.name, width: centre.count)
      return (x - centre.cast(to: x.dtype)) / scale.cast(to: x.dtype)
    }

    public func inverseTransform(_ y: Tensor) throws(EstimatorError) -> Tensor {
      let y = try y.dense(for: RobustScaler.name, width: centre.count)
      return y * scale.cast(to: y.dtype) + centre.cast(to: y.dtype)
    }
  }

  public func fit(_ x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
    try require(\.quantileRange, "two shares within 0 and 1 that differ") {
      $0.lowerBound >= 0 && $0.upperBound <= 1 && $0.lowerBound < $0.upperBound
    }
    let columns = try x.dense(for: Self.name).columnArrays().map { $0.sorted() }
    var (centre, scale) = ([Double](), [Double]())
    for column in columns {
      centre.append(centres ? quantile(0.5, ofSorted: column) : 0)
      let (low, high) = (quantileRange.lowerBound, quantileRange.upperBound)
      scale.append(scales ? quantile(high, ofSorted: column) - quantile(low, ofSorted: column) : 1)
    }
    var width = Tensor(scale, dtype: .float64).nonzeroScale()
    if unitVariance && scales {
      let ends = Scaler.normalQuantiles(of: [quantileRange.lowerBound, quantileRange.upperBound])
      width = width / (ends[1] - ends[0])
    }
    return Fitted(centre: Tensor(centre, dtype: .float64), scale: width)
  }
}
