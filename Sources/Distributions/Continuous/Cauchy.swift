import Foundation
import TensorCore

/// The Cauchy distribution: p(x) = 1 / (πγ (1 + ((x - μ) / γ)²)), with location μ and scale γ. It has neither mean nor
/// variance: NaN.
///
/// ```swift
/// Cauchy(location: Tensor(1.0), scale: Tensor(2.0)).cumulative(Tensor([1.0]))  // → [0.5]
/// ```
public struct Cauchy: Reparameterizable, Cumulative, Entropic, Divergent {
  public let location: Tensor
  public let scale: Tensor

  /// Parameters of shapes that broadcast. Stops unless γ > 0.
  public init(location: Tensor, scale: Tensor) {
    let parameters = broadcast("Cauchy", ["location": location, "scale": scale])
    requirePositive("Cauchy", "scale", scale)
    (self.location, self.scale) = (parameters[0], parameters[1])
  }

  public var batchShape: Shape { location.shape }
  public var mean: Tensor { Tensor.full(batchShape, .nan, dtype: location.dtype) }
  public var variance: Tensor { mean }
  public var entropy: Tensor { scale.log() + Foundation.log(4 * Double.pi) }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    let angle = (openUniform(drawShape(shape), generator) - 0.5) * Double.pi
    return location + scale * angle.tan().cast(to: scale.dtype)
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    let z = (x - location) / scale
    return -z.square().log1p() - scale.log() - Foundation.log(Double.pi)
  }

  public func cumulative(_ x: Tensor) -> Tensor { ((x - location) / scale).atan() / Double.pi + 0.5 }
  public func quantile(_ p: Tensor) -> Tensor { location + scale * ((p - 0.5) * Double.pi).tan() }

  /// log(((γ + γ′)² + (μ - μ′)²) / 4γγ′) (Chyzak & Nielsen, 2019).
  public func divergence(from other: Cauchy) -> Tensor {
    let sum = (scale + other.scale).square() + (location - other.location).square()
    return (sum / (scale * other.scale * 4)).log()
  }
}
