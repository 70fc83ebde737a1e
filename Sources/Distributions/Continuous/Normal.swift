import Foundation
import TensorCore

/// The normal distribution: p(x) = exp(-(x - μ)² / 2σ²) / (σ √2π), with mean μ and standard deviation σ.
///
/// ```swift
/// Normal(mean: 0, standardDeviation: 2).variance  // → 4.0
/// ```
public struct Normal: Reparameterizable, Cumulative, Entropic, Divergent {
  public let mean: Tensor
  public let standardDeviation: Tensor

  /// Parameters of shapes that broadcast. Stops unless σ > 0.
  public init(mean: Tensor, standardDeviation: Tensor) {
    let parameters = broadcast("Normal", ["mean": mean, "standardDeviation": standardDeviation])
    requirePositive("Normal", "standardDeviation", standardDeviation)
    (self.mean, self.standardDeviation) = (parameters[0], parameters[1])
  }

  public init(mean: Double, standardDeviation: Double) {
    self.init(mean: Tensor(mean), standardDeviation: Tensor(standardDeviation))
  }

  public var batchShape: Shape { mean.shape }
  public var variance: Tensor { standardDeviation.square() }
  public var entropy: Tensor { standardDeviation.log() + (0.5 + 0.5 * Foundation.log(2 * Double.pi)) }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    mean + standardDeviation * Tensor.normal(drawShape(shape), dtype: mean.dtype, using: generator)
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    let z = (x - mean) / standardDeviation
    return z.square() * -0.5 - standardDeviation.log() - 0.5 * Foundation.log(2 * Double.pi)
  }

  public func cumulative(_ x: Tensor) -> Tensor {
    ((x - mean) / (standardDeviation * 2.0.squareRoot())).erf() * 0.5 + 0.5
  }

  public func quantile(_ p: Tensor) -> Tensor {
    mean + standardDeviation * (p * 2 - 1).erfInverse() * 2.0.squareRoot()
  }

  public func divergence(from other: Normal) -> Tensor {
    let ratio = (standardDeviation / other.standardDeviation).square()
    let shift = ((mean - other.mean) / other.standardDeviation).square()
    return (ratio + shift - 1 - ratio.log()) * 0.5
  }
}
