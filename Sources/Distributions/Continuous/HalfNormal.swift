import Foundation
import TensorCore

/// The half-normal distribution: |Y| for a normal Y with mean 0 and standard deviation σ, the scale.
///
/// ```swift
/// HalfNormal(scale: Tensor(2.0)).cumulative(Tensor([0.0]))  // → [0.0]
/// ```
public struct HalfNormal: Reparameterizable, Cumulative, Entropic, Divergent {
  public let scale: Tensor

  /// Stops unless σ > 0.
  public init(scale: Tensor) {
    requirePositive("HalfNormal", "scale", scale)
    self.scale = broadcast("HalfNormal", ["scale": scale])[0]
  }

  public var batchShape: Shape { scale.shape }
  public var mean: Tensor { scale * (2 / Double.pi).squareRoot() }
  public var variance: Tensor { scale.square() * (1 - 2 / Double.pi) }
  public var entropy: Tensor { scale.log() + 0.5 * Foundation.log(Double.pi / 2) + 0.5 }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    scale * Tensor.normal(drawShape(shape), dtype: scale.dtype, using: generator).abs()
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    ((x / scale).square() * -0.5 - scale.log() + 0.5 * Foundation.log(2 / Double.pi))
      .kept(where: x .>= 0, else: -.infinity)
  }

  public func cumulative(_ x: Tensor) -> Tensor {
    (x / (scale * 2.0.squareRoot())).erf().kept(where: x .>= 0, else: 0)
  }

  public func quantile(_ p: Tensor) -> Tensor { scale * p.erfInverse() * 2.0.squareRoot() }

  public func divergence(from other: HalfNormal) -> Tensor {
    let ratio = (scale / other.scale).square()
    return (ratio - 1 - ratio.log()) * 0.5
  }
}
