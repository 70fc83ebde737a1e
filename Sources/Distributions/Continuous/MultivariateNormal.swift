import Foundation
import TensorCore

/// The normal distribution of vectors: p(x) = exp(-½ (x - μ)ᵀ Σ⁻¹ (x - μ)) / √((2π)ᵈ |Σ|), with mean μ and covariance Σ
/// = LLᵀ.
///
/// ```swift
/// let factor = Tensor([[2.0, 0.0], [1.0, 1.0]])
/// let normal = MultivariateNormal(mean: Tensor([0.0, 0.0]), choleskyFactor: factor)
/// normal.covariance  // → [[4.0, 2.0], [2.0, 2.0]]
/// ```
public struct MultivariateNormal: Reparameterizable, Entropic, Divergent {
  /// [..., dimensions]
  public let mean: Tensor
  /// L, lower triangular with a positive diagonal: [..., dimensions, dimensions].
  public let choleskyFactor: Tensor

  /// A mean of shape [..., dimensions] and a factor L of shape [..., dimensions, dimensions], whose part above the
  /// diagonal is not looked at. Stops unless L's diagonal is positive.
  public init(mean: Tensor, choleskyFactor: Tensor) {
    let size = mean.rank == 0 ? 0 : mean.shape[-1]
    let factorBatch = Shape(Array(choleskyFactor.shape.dimensions.dropLast(2)))
    let meanBatch = Shape(Array(mean.shape.dimensions.dropLast()))
    guard size > 0, choleskyFactor.rank >= 2, choleskyFactor.shape.dimensions.suffix(2) == [size, size],
      let batch = Shape.broadcast(meanBatch, factorBatch)
    else {
      stop(
        "MultivariateNormal", "mean \(mean.shape) and choleskyFactor \(choleskyFactor.shape)",
        fix: "pass [..., dimensions] and [..., dimensions, dimensions]")
    }
    _ = broadcast("MultivariateNormal", ["mean": mean.sum(), "choleskyFactor": choleskyFactor.sum()])
    let eye = Tensor.eye(size, dtype: mean.dtype)
    requirePositive("MultivariateNormal", "choleskyFactor's diagonal", (choleskyFactor * eye).sum(axis: -1))
    let below = Tensor.range(0, Double(size)).unsqueezed(1) .>= Tensor.range(0, Double(size))
    self.mean = mean.expanded(to: Shape(batch.dimensions + [size]))
    self.choleskyFactor = choleskyFactor.kept(where: below, else: 0)
      .expanded(to: Shape(batch.dimensions + [size, size]))
  }

  /// A covariance Σ of shape [..., dimensions, dimensions], of which the lower triangle is read.
  ///
  /// - Throws: ``LinearAlgebraError`` when it is not positive definite.
  public init(mean: Tensor, covariance: Tensor) throws(LinearAlgebraError) {
    self.init(mean: mean, choleskyFactor: try covariance.cholesky())
  }

  public var batchShape: Shape { Shape(Array(mean.shape.dimensions.dropLast())) }
  public var eventShape: Shape { [dimensions] }
  private var dimensions: Int { mean.shape[-1] }

  /// Σ = LLᵀ
  public var covariance: Tensor { matmul(choleskyFactor, choleskyFactor.transposed()) }
  public var variance: Tensor { choleskyFactor.square().sum(axis: -1) }
  public var entropy: Tensor { logScale + 0.5 * Double(dimensions) * (1 + Foundation.log(2 * Double.pi)) }

  /// log |L|, of shape `batchShape`.
  private var logScale: Tensor {
    (choleskyFactor * Tensor.eye(dimensions, dtype: mean.dtype)).sum(axis: -1).log().sum(axis: -1)
  }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    let noise = Tensor.normal(drawShape(shape), dtype: mean.dtype, using: generator)
    return mean + matmul(choleskyFactor, noise.unsqueezed(-1)).squeezed(-1)
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    let z = substituted(choleskyFactor, (x - mean).unsqueezed(-1)).squeezed(-1)
    return z.square().sum(axis: -1) * -0.5 - logScale - 0.5 * Double(dimensions) * Foundation.log(2 * Double.pi)
  }

  /// ½ (tr(Σ′⁻¹Σ) + (μ′ - μ)ᵀ Σ′⁻¹ (μ′ - μ) - d) + log |L′| - log |L|
  public func divergence(from other: MultivariateNormal) -> Tensor {
    let factor = substituted(other.choleskyFactor, choleskyFactor)
    let shift = substituted(other.choleskyFactor, (other.mean - mean).unsqueezed(-1))
    let sum = factor.square().sum(axes: [-2, -1]) + shift.square().sum(axes: [-2, -1])
    return (sum - Double(dimensions)) * 0.5 + other.logScale - logScale
  }
}

/// L⁻¹B for a lower triangular L whose diagonal is known to be positive. [..., n, n] and [..., n, columns] → [..., n,
/// columns].
private func substituted(_ factor: Tensor, _ b: Tensor) -> Tensor {
  do throws(LinearAlgebraError) {
    return try triangularSolve(factor, b)
  } catch {
    stop("MultivariateNormal", "choleskyFactor: \(error)", fix: "pass a factor with a positive diagonal")
  }
}
