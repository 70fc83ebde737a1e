import TensorCore

/// The logistic distribution: F(x) = 1 / (1 + exp(-(x - μ) / s)), with location μ and scale s.
///
/// ```swift
/// Logistic(location: Tensor(0.0), scale: Tensor(1.0)).cumulative(Tensor([0.0]))  // → [0.5]
/// ```
public struct Logistic: Reparameterizable, Cumulative, Entropic {
  public let location: Tensor
  public let scale: Tensor

  /// Parameters of shapes that broadcast. Stops unless s > 0.
  public init(location: Tensor, scale: Tensor) {
    let parameters = broadcast("Logistic", ["location": location, "scale": scale])
    requirePositive("Logistic", "scale", scale)
    (self.location, self.scale) = (parameters[0], parameters[1])
  }

  public var batchShape: Shape { location.shape }
  public var mean: Tensor { location }
  public var variance: Tensor { scale.square() * (Double.pi * Double.pi / 3) }
  public var entropy: Tensor { scale.log() + 2 }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    let u = openUniform(drawShape(shape), generator)
    return location + scale * (u / (1 - u)).log().cast(to: scale.dtype)
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    let z = (x - location) / scale
    return z.logSigmoid() * 2 - z - scale.log()
  }

  public func cumulative(_ x: Tensor) -> Tensor { ((x - location) / scale).sigmoid() }
  public func quantile(_ p: Tensor) -> Tensor { location + scale * (p.log() - (-p).log1p()) }
}
