import TensorCore

/// Brings each feature into a range: z = a + (x − min)·(b − a)/(max − min), a and b being the range's ends. A feature that does not vary goes to a.
///
/// ```swift
/// let x = Tensor([[0.0, 10.0], [2.0, 30.0], [1.0, 15.0]], dtype: .float64)
/// try MinMaxScaler().fit(x).transform(x)  // → [[0.0, 0.0], [1.0, 1.0], [0.5, 0.25]]
/// ```
public struct MinMaxScaler: Transformer {
  /// [a, b]
  public var range: ClosedRange<Double>
  /// Whether new samples outside of what was seen go to the range's ends.
  public var clips: Bool

  public init(range: ClosedRange<Double> = 0...1, clips: Bool = false) { (self.range, self.clips) = (range, clips) }

  public struct Fitted: InvertibleTransformer {
    /// float64 [features]
    public let minimum: Tensor
    /// float64 [features]
    public let maximum: Tensor
    let settings: MinMaxScaler

    /// The scaler of these samples too.
    public func updated(with x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
      let x = try x.dense(for: MinMaxScaler.name, width: minimum.count).cast(to: .float64)
      return Fitted(
        minimum: Tensor.stacked([minimum, x.min(axis: 0)]).min(axis: 0),
        maximum: Tensor.stacked([maximum, x.max(axis: 0)]).max(axis: 0), settings: settings)
    }

    private func scale(_ dtype: DType) -> Tensor {
      let length = settings.range.upperBound - settings.range.lowerBound
      return ((maximum - minimum).nonzeroScale() / length).cast(to: dtype)
    }

    public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let x = try x.dense(for: MinMaxScaler.name, width: minimum.count)
      let z = (x - minimum.cast(to: x.dtype)) / scale(x.dtype) + settings.range.lowerBound
      return settings.clips ? z.clamped(to: settings.range) : z
    }

    public func inverseTransform(_ y: Tensor) throws(EstimatorError) -> Tensor {
      let y = try y.dense(for: MinMaxScaler.name, width: minimum.count)
      return (y - settings.range.lowerBound) * scale(y.dtype) + minimum.cast(to: y.dtype)
    }
  }

  public func fit(_ x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
    try require(\.range, "finite ends that differ") {
      $0.lowerBound.isFinite && $0.upperBound.isFinite && $0.lowerBound < $0.upperBound
    }
    let x = try x.dense(for: Self.name).cast(to: .float64)
    return Fitted(minimum: x.min(axis: 0), maximum: x.max(axis: 0), settings: self)
  }
}
