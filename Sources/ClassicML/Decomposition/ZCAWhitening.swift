import TensorCore

/// Takes the correlations between features away and gives each the variance 1, changing samples as little as possible: z = (x − μ)·W with the symmetric
/// W = V·diag(1/√(λ + ε))·Vᵀ of the covariance V·diag(λ)·Vᵀ over n (Bell & Sejnowski, "The independent components of natural scenes are edge filters", 1997;
/// Kessy, Lewin & Strimmer, "Optimal whitening and decorrelation", 2018). Whitened pictures still look like pictures.
///
/// ```swift
/// let x = Tensor([[2.0, 1.0], [-2.0, -1.0], [1.0, 2.0], [-1.0, -2.0]], dtype: .float64)
/// let whitening = try ZCAWhitening(epsilon: 0).fit(x)
/// let z = try whitening.transform(x)
/// matmul(z.transposed(), z) / 4  // ≈ [[1, 0], [0, 1]]
/// ```
public struct ZCAWhitening: Transformer {
  /// ε, added to each variance so that noise is not blown up.
  public var epsilon: Double

  public init(epsilon: Double = 1e-5) { self.epsilon = epsilon }

  public struct Fitted: InvertibleTransformer {
    /// μ, [features].
    public let mean: Tensor
    /// W, [features, features], symmetric.
    public let whitening: Tensor
    /// W⁻¹.
    public let colouring: Tensor

    public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let x = try x.dense(for: ZCAWhitening.name, width: mean.count)
      return matmul(x - mean.cast(to: x.dtype), whitening.cast(to: x.dtype))
    }

    public func inverseTransform(_ y: Tensor) throws(EstimatorError) -> Tensor {
      let y = try y.dense(for: ZCAWhitening.name, width: mean.count)
      return matmul(y, colouring.cast(to: y.dtype)) + mean.cast(to: y.dtype)
    }
  }

  public func fit(_ x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
    try require(\.epsilon, "0 or more") { $0 >= 0 && $0.isFinite }
    let x = try x.dense(for: Self.name)
    let mean = x.mean(axis: 0)
    let covariance = (x - mean).gram() / Double(x.shape[0])
    let (values, vectors): (Tensor, Tensor)
    do {
      (values, vectors) = try covariance.eigh()
    } catch {
      throw .numerical(of: Self.name, finding: "\(error)", fix: "scale the features")
    }
    let deviations = (values.clamped(to: 0...) + epsilon).sqrt()
    let rounding = deviations.max().item() * (x.dtype == .float32 ? 1e-4 : 1e-8)
    if deviations.min().item() <= rounding {
      throw .numerical(
        of: Self.name, finding: "nothing varies along \((deviations .<= rounding).sum().item(Int.self)) directions",
        fix: "use an epsilon above 0, or leave out features that depend on others")
    }
    return Fitted(
      mean: mean, whitening: matmul(vectors / deviations, vectors.transposed()),
      colouring: matmul(vectors * deviations, vectors.transposed()))
  }
}

extension ZCAWhitening.Fitted {
  public init(from decoder: any Decoder) throws {
    let parts = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      mean: try parts.value(.mean), whitening: try parts.value(.whitening), colouring: try parts.value(.colouring))
    try decoder.require(
      mean.rank == 1 && whitening.shape == [mean.count, mean.count] && colouring.shape == whitening.shape,
      "square matrices as wide as the mean")
  }
}
