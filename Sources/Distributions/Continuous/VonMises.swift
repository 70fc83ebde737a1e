import Foundation
import TensorCore

/// The von Mises distribution on the circle: p(x) = exp(κ cos(x - μ)) / 2π I₀(κ), with location μ and concentration κ,
/// for angles x in -π..<π.
///
/// ```swift
/// let directions = VonMises(location: Tensor(0.0), concentration: Tensor(4.0)).sample([100])
/// directions.abs().max().item() <= .pi  // → true
/// ```
public struct VonMises: Entropic, Divergent {
  public let location: Tensor
  public let concentration: Tensor

  /// Parameters of shapes that broadcast. Stops unless κ > 0.
  public init(location: Tensor, concentration: Tensor) {
    let parameters = broadcast("VonMises", ["location": location, "concentration": concentration])
    requirePositive("VonMises", "concentration", concentration)
    (self.location, self.concentration) = (parameters[0], parameters[1])
  }

  public var batchShape: Shape { location.shape }
  /// The mean direction.
  public var mean: Tensor { location }
  /// The circular variance, 1 - E[cos(x - μ)] = 1 - I₁(κ) / I₀(κ).
  public var variance: Tensor { 1 - besselRatio(concentration) }
  public var entropy: Tensor {
    scaledLogBesselI0(concentration) + concentration * (1 - besselRatio(concentration))
      + Foundation.log(2 * Double.pi)
  }

  /// Best & Fisher, "Efficient simulation of the von Mises distribution" (1979): rejection from a wrapped Cauchy
  /// distribution.
  public func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    withoutGradients {
      let shape = drawShape(shape)
      let kappas = concentration.cast(to: .float64).expanded(to: shape).flattened()
      var cosines = Tensor.zeros(like: kappas)
      var rest = Tensor.range(0, Double(kappas.count), dtype: .int64)
      while rest.count > 0 {
        let kappa = kappas.indexSelected(axis: 0, indices: rest)
        // ρ = (τ - √2τ) / 2κ for τ = 1 + √(1 + 4κ²), in a form that loses nothing for a small κ.
        let tau = (kappa.square() * 4 + 1).sqrt() + 1
        let rho = kappa * 2 / (tau + (tau * 2).sqrt())
        let r = (rho.square() + 1) / (rho * 2)
        let z = (openUniform([rest.count], generator) * Double.pi).cos()
        let f = (r * z + 1) / (r + z)
        let c = kappa * (r - f)
        let u = openUniform([rest.count], generator)
        let accepted = (c * (2 - c) .> u) .| ((c / u).log() + 1 - c .>= 0)
        cosines = cosines.indexAdded(axis: 0, indices: rest[accepted], f[accepted])
        rest = rest[.!accepted]
      }
      let sides = (openUniform(shape, generator) - 0.5).sign()
      let angle = cosines.clamped(to: -1...1).acos().reshaped(shape) * sides + location.cast(to: .float64)
      let turns = ((angle + Double.pi) / (2 * Double.pi)).floor()
      return (angle - turns * (2 * Double.pi)).cast(to: location.dtype)
    }
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    concentration * ((x - location).cos() - 1) - scaledLogBesselI0(concentration) - Foundation.log(2 * Double.pi)
  }

  /// (κ - κ′ cos(μ - μ′)) I₁(κ)/I₀(κ) + log I₀(κ′) - log I₀(κ)
  public func divergence(from other: VonMises) -> Tensor {
    (concentration - other.concentration * (location - other.location).cos()) * besselRatio(concentration)
      + scaledLogBesselI0(other.concentration) + other.concentration - scaledLogBesselI0(concentration)
      - concentration
  }
}
