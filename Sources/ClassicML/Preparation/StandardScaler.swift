import TensorCore

/// Brings each feature to mean 0 and deviation 1: z = (x − μ)/σ, with the deviation over n (not n − 1). A feature that does not vary is only centred.
///
/// ```swift
/// let x = Tensor([[0.0, 10.0], [2.0, 30.0]], dtype: .float64)
/// let scaler = try StandardScaler().fit(x)
/// scaler.mean  // → [1.0, 20.0]
/// try scaler.transform(x)  // → [[-1.0, -1.0], [1.0, 1.0]]
/// try scaler.updated(with: Tensor([[4.0, 50.0]])).mean  // → [2.0, 30.0]
/// ```
public struct StandardScaler: Transformer {
  public var centres: Bool
  public var scales: Bool

  public init(centres: Bool = true, scales: Bool = true) { (self.centres, self.scales) = (centres, scales) }

  public struct Fitted: InvertibleTransformer {
    /// μ, [features]; zeros if the scaler does not centre.
    public let mean: Tensor
    /// σ, [features]; ones if it does not scale, and for features that do not vary.
    public let scale: Tensor
    let moments: FeatureMoments
    let settings: StandardScaler

    /// How many samples the moments are of.
    public var sampleCount: Int { moments.count }

    init(_ moments: FeatureMoments, _ settings: StandardScaler) {
      (self.moments, self.settings) = (moments, settings)
      mean = settings.centres ? moments.mean : Tensor.zeros(like: moments.mean)
      scale = settings.scales ? moments.deviation : Tensor.ones(like: moments.mean)
    }

    /// The scaler of these samples too.
    public func updated(with x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
      Fitted(moments.joined(with: FeatureMoments(try x.dense(for: StandardScaler.name, width: mean.count))), settings)
    }

    public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let x = try x.dense(for: StandardScaler.name, width: mean.count)
      return (x - mean.cast(to: x.dtype)) / scale.cast(to: x.dtype)
    }

    public func inverseTransform(_ y: Tensor) throws(EstimatorError) -> Tensor {
      let y = try y.dense(for: StandardScaler.name, width: mean.count)
      return y * scale.cast(to: y.dtype) + mean.cast(to: y.dtype)
    }
  }

  public func fit(_ x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
    Fitted(FeatureMoments(try x.dense(for: Self.name)), self)
  }
}

/// Means and variances of features, which can be joined: M₂ = Σ(x − μ)² of two parts is the sum of theirs and δ²·n₁·n₂/n (Chan, Golub & LeVeque, "Updating
/// formulae and a pairwise algorithm for computing sample variances", 1979).
struct FeatureMoments: Sendable, Codable {
  let count: Int
  /// float64 [features]
  let mean: Tensor
  /// Over n, float64 [features].
  let variance: Tensor

  init(_ x: Tensor) {
    let x = x.cast(to: .float64)
    let mean = x.mean(axis: 0)
    self.init(count: x.shape[0], mean: mean, variance: (x - mean).square().mean(axis: 0))
  }

  private init(count: Int, mean: Tensor, variance: Tensor) {
    (self.count, self.mean, self.variance) = (count, mean, variance)
  }

  func joined(with other: FeatureMoments) -> FeatureMoments {
    let (own, new) = (Double(count), Double(other.count))
    let total = own + new
    let gap = other.mean - mean
    return FeatureMoments(
      count: count + other.count, mean: mean + gap * (new / total),
      variance: (variance * own + other.variance * new) / total + gap.square() * (own / total * (new / total)))
  }

  /// √ of the variances, and 1 where equal numbers leave one by rounding alone.
  var deviation: Tensor {
    let rounding = variance * (2.2e-16 * Double(count)) + (mean * (2.2e-16 * Double(count))).square()
    return Tensor.where(variance .<= rounding, Tensor(1.0, dtype: .float64), variance.sqrt())
  }
}
