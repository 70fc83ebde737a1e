import Foundation
import TensorCore

/// Principal components, and what they explain.
public struct FittedPCA: InvertibleTransformer {
  /// C, [components, features]: orthonormal rows, by descending variance.
  public let components: Tensor
  /// μ, [features].
  public let mean: Tensor
  /// The variance (over n − 1) along each component, [components].
  public let explainedVariance: Tensor
  /// The same as a share of all variance.
  public let explainedVarianceRatio: Tensor
  /// Of the centred samples, [components].
  public let singularValues: Tensor
  /// σ², the mean variance along the directions that were left out: the noise of probabilistic PCA; 0 if none was.
  public let noiseVariance: Double
  public let whitens: Bool

  /// Coordinates along the components, [samples, components].
  public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
    let x = try x.dense(for: "PCA", width: mean.count)
    let coordinates = projected(x)
    return whitens ? coordinates / deviations(x.dtype) : coordinates
  }

  /// The points of the components' plane with these coordinates, [samples, features].
  public func inverseTransform(_ y: Tensor) throws(EstimatorError) -> Tensor {
    let y = try y.dense(for: "PCA", width: components.shape[0])
    let coordinates = whitens ? y * deviations(y.dtype) : y
    return matmul(coordinates, components.cast(to: y.dtype)) + mean.cast(to: y.dtype)
  }

  /// x·Cᵀ − μ·Cᵀ: the samples are not copied to be centred.
  private func projected(_ x: Tensor) -> Tensor {
    let axes = components.cast(to: x.dtype).transposed()
    return matmul(x, axes) - matmul(mean.cast(to: x.dtype), axes)
  }

  /// A component along which nothing varies is left as it is.
  private func deviations(_ dtype: DType) -> Tensor {
    explainedVariance.clamped(to: (components.dtype == .float32 ? 1.2e-7 : 2.2e-16)...).sqrt().cast(to: dtype)
  }

  /// ln p(x) of each sample in probabilistic PCA, x ~ N(μ, C_k·diag(λ − σ²)·C_kᵀ + σ²·I), float64 [samples] (Tipping & Bishop, "Mixtures of probabilistic
  /// principal component analysers", 1999; Bishop, 2006, section 12.2). Throws where a variance of the model is zero: then it has no density.
  public func logDensities(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
    let x = try x.dense(for: "PCA", width: mean.count).cast(to: .float64)
    let (count, width) = (components.shape[0], components.shape[1])
    let variances = explainedVariance.cast(to: .float64)
    let leftOut = width - count
    if variances.min().item() <= 0 || (leftOut > 0 && noiseVariance <= 0) {
      throw .numerical(
        of: "PCA", finding: "the model has no density: nothing varies along one of its directions",
        fix: "fit more samples than features, and fewer components")
    }
    let centred = x - mean.cast(to: .float64)
    let squares = matmul(centred, components.cast(to: .float64).transposed()).square()
    var distances = (squares / variances).sum(axis: 1)
    var logDeterminant = variances.log().sum().item()
    if leftOut > 0 {
      distances = distances + (centred.square().sum(axis: 1) - squares.sum(axis: 1)) / noiseVariance
      logDeterminant += Double(leftOut) * log(noiseVariance)
    }
    return (distances + (Double(width) * log(2 * Double.pi) + logDeterminant)) * -0.5
  }

  /// The mean of ``logDensities(_:)``.
  public func score(_ x: any FeatureMatrix) throws(EstimatorError) -> Double { try logDensities(x).mean().item() }
}

extension FittedPCA {
  public init(from decoder: any Decoder) throws {
    let parts = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      components: try parts.value(.components), mean: try parts.value(.mean),
      explainedVariance: try parts.value(.explainedVariance),
      explainedVarianceRatio: try parts.value(.explainedVarianceRatio),
      singularValues: try parts.value(.singularValues), noiseVariance: try parts.value(.noiseVariance),
      whitens: try parts.value(.whitens))
    try decoder.require(
      components.rank == 2 && mean.shape == [components.shape[1]] && explainedVariance.shape == [components.shape[0]],
      "components, a mean and variances of one size")
  }
}
