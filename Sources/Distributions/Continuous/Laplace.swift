import Foundation
import TensorCore

/// The Laplace distribution: p(x) = exp(-|x - μ| / b) / 2b, with location μ and scale b.
///
/// ```swift
/// Laplace(location: Tensor(0.0), scale: Tensor(1.0)).logProbability(Tensor([0.0]))  // → [-0.6931472]
/// ```
public struct Laplace: Reparameterizable, Cumulative, Entropic, Divergent {
  public let location: Tensor
  public let scale: Tensor

  /// Parameters of shapes that broadcast. Stops unless b > 0.
  public init(location: Tensor, scale: Tensor) {
    let parameters = broadcast("Laplace", ["location": location, "scale": scale])
    requirePositive("Laplace", "scale", scale)
    (self.location, self.scale) = (parameters[0], parameters[1])
  }

  public var batchShape: Shape { location.shape }
  public var mean: Tensor { location }
  public var variance: Tensor { scale.square() * 2 }
  public var entropy: Tensor { scale.log() + (1 + Foundation.log(2.0)) }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    // The difference of two exponential draws.
    let first = openUniform(drawShape(shape), generator).log()
    let second = openUniform(drawShape(shape), generator).log()
    return location + scale * (second - first).cast(to: scale.dtype)
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    -((x - location).abs() / scale) - scale.log() - Foundation.log(2.0)
  }

  public func cumulative(_ x: Tensor) -> Tensor {
    let z = (x - location) / scale
    let tail = (-z.abs()).exp() * 0.5
    return Tensor.where(z .< 0, tail, 1 - tail)
  }

  public func quantile(_ p: Tensor) -> Tensor {
    let centred = p - 0.5
    return location - scale * centred.sign() * (centred.abs() * -2).log1p()
  }

  public func divergence(from other: Laplace) -> Tensor {
    let distance = (location - other.location).abs()
    return (other.scale / scale).log() + distance / other.scale
      + scale / other.scale * (-distance / scale).exp() - 1
  }
}
