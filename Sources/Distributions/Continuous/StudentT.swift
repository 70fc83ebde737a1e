import Foundation
import TensorCore

/// Student's t distribution: p(x) ∝ (1 + z²/ν)^(-(ν+1)/2) with z = (x - μ) / σ, ν degrees of freedom, location μ and
/// scale σ.
///
/// ```swift
/// StudentT(degreesOfFreedom: Tensor(4.0), location: Tensor(0.0), scale: Tensor(1.0)).variance  // → 2.0
/// ```
public struct StudentT: Reparameterizable, Entropic {
  public let degreesOfFreedom: Tensor
  public let location: Tensor
  public let scale: Tensor

  /// Parameters of shapes that broadcast. Stops unless ν > 0 and σ > 0.
  public init(degreesOfFreedom: Tensor, location: Tensor, scale: Tensor) {
    let parameters = broadcast(
      "StudentT", ["degreesOfFreedom": degreesOfFreedom, "location": location, "scale": scale])
    requirePositive("StudentT", "degreesOfFreedom", degreesOfFreedom)
    requirePositive("StudentT", "scale", scale)
    (self.degreesOfFreedom, self.location, self.scale) = (parameters[0], parameters[1], parameters[2])
  }

  public var batchShape: Shape { location.shape }

  /// μ for ν > 1.
  public var mean: Tensor { location.kept(where: degreesOfFreedom .> 1, else: .nan) }

  /// σ² ν / (ν - 2) for ν > 2, infinite for 1 < ν ≤ 2.
  public var variance: Tensor {
    let isFinite = degreesOfFreedom .> 2
    let nu = degreesOfFreedom.kept(where: isFinite, else: 3)
    return (scale.square() * nu / (nu - 2)).kept(where: isFinite, else: .infinity)
      .kept(where: degreesOfFreedom .> 1, else: .nan)
  }

  public var entropy: Tensor {
    let (half, next) = (degreesOfFreedom * 0.5, (degreesOfFreedom + 1) * 0.5)
    let logBeta = half.logGamma() - next.logGamma() + 0.5 * Foundation.log(Double.pi)
    return scale.log() + next * (next.digamma() - half.digamma()) + degreesOfFreedom.log() * 0.5 + logBeta
  }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    let shape = drawShape(shape)
    let z = Tensor.normal(shape, dtype: .float64, using: generator)
    let half = (degreesOfFreedom * 0.5).expanded(to: shape)
    let log = logStandardGamma(half, generator)
    // √(ν/χ²) by its logarithm: a χ² for a small ν can be too small to be a number.
    let t = z * ((half.cast(to: .float64).log() - log) * 0.5).exp()
    return location + scale * t.cast(to: scale.dtype)
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    let z = (x - location) / scale
    let next = (degreesOfFreedom + 1) * 0.5
    return next.logGamma() - (degreesOfFreedom * 0.5).logGamma() - (degreesOfFreedom * Double.pi).log() * 0.5
      - scale.log() - next * (z.square() / degreesOfFreedom).log1p()
  }
}
