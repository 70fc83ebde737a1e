import Foundation
import TensorCore

/// The Gumbel distribution of extremes: F(x) = exp(-exp(-(x - μ) / β)), with location μ and scale β.
///
/// ```swift
/// Gumbel(location: Tensor(0.0), scale: Tensor(1.0)).cumulative(Tensor([0.0]))  // → [0.36787945]
/// ```
public struct Gumbel: Reparameterizable, Cumulative, Entropic, Divergent {
  public let location: Tensor
  public let scale: Tensor

  /// The Euler–Mascheroni constant.
  private static let euler = 0.577_215_664_901_532_9

  /// Parameters of shapes that broadcast. Stops unless β > 0.
  public init(location: Tensor, scale: Tensor) {
    let parameters = broadcast("Gumbel", ["location": location, "scale": scale])
    requirePositive("Gumbel", "scale", scale)
    (self.location, self.scale) = (parameters[0], parameters[1])
  }

  public var batchShape: Shape { location.shape }
  public var mean: Tensor { location + scale * Self.euler }
  public var variance: Tensor { scale.square() * (Double.pi * Double.pi / 6) }
  public var entropy: Tensor { scale.log() + (1 + Self.euler) }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    let noise = -(-openUniform(drawShape(shape), generator).log()).log()
    return location + scale * noise.cast(to: scale.dtype)
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    let z = (x - location) / scale
    return -z - (-z).exp() - scale.log()
  }

  public func cumulative(_ x: Tensor) -> Tensor { (-((location - x) / scale).exp()).exp() }
  public func quantile(_ p: Tensor) -> Tensor { location - scale * (-p.log()).log() }

  public func divergence(from other: Gumbel) -> Tensor {
    let ratio = scale / other.scale
    let shift = (location - other.location) / other.scale
    return shift - ratio.log() + ratio * Self.euler + ((ratio + 1).logGamma() - shift).exp() - (1 + Self.euler)
  }
}
