import Foundation
import TensorCore

// KL(p ‖ q) for pairs of different kinds, each KL(p ‖ q) = -H(p) - E[log q(X)] for X drawn from p. See `Divergent` for pairs of one kind.

extension Normal {
  /// E[log q(X)] for this q, of any X with that mean and variance.
  fileprivate func expectedLogDensity(mean: Tensor, variance: Tensor) -> Tensor {
    (variance + (mean - self.mean).square()) / (self.variance * -2) - standardDeviation.log()
      - 0.5 * Foundation.log(2 * Double.pi)
  }
}

/// A distribution on real numbers whose divergence from a normal one follows from its entropy, mean and variance.
public protocol DivergentFromNormal: Entropic {}

extension DivergentFromNormal {
  /// KL(self ‖ other) = -H - E[log q(X)], which takes only the mean and the variance.
  public func divergence(from other: Normal) -> Tensor {
    -entropy - other.expectedLogDensity(mean: mean, variance: variance)
  }
}

extension Uniform: DivergentFromNormal {}
extension Laplace: DivergentFromNormal {}
extension Logistic: DivergentFromNormal {}
extension Gumbel: DivergentFromNormal {}
extension Exponential: DivergentFromNormal {}
extension Gamma: DivergentFromNormal {}
extension Beta: DivergentFromNormal {}
extension HalfNormal: DivergentFromNormal {}
extension LogNormal: DivergentFromNormal {}

/// A distribution on positive numbers, so that its divergence from an exponential one is finite.
public protocol DivergentFromExponential: Entropic {}

extension DivergentFromExponential {
  /// KL(self ‖ other) = -H - log λ + λ E[X]
  public func divergence(from other: Exponential) -> Tensor { -entropy - other.rate.log() + other.rate * mean }
}

extension Gamma: DivergentFromExponential {}
extension ChiSquared: DivergentFromExponential {}
extension Beta: DivergentFromExponential {}
extension HalfNormal: DivergentFromExponential {}
extension LogNormal: DivergentFromExponential {}

extension Exponential {
  /// An exponential is a gamma with concentration 1.
  public func divergence(from other: Gamma) -> Tensor {
    Gamma(concentration: Tensor.ones(like: rate), rate: rate).divergence(from: other)
  }
}

extension Normal {
  /// E|X - μ′| of a normal X is that of a folded normal.
  public func divergence(from other: Laplace) -> Tensor {
    let distance = mean - other.location
    let z = distance / standardDeviation
    let expected =
      standardDeviation * (z.square() * -0.5).exp() * (2 / Double.pi).squareRoot()
      + distance * (z / 2.0.squareRoot()).erf()
    return other.scale.log() + Foundation.log(2.0) + expected / other.scale - entropy
  }
}

extension Bernoulli {
  /// KL(self ‖ other) = -H - p log λ + λ
  public func divergence(from other: Poisson) -> Tensor {
    -entropy - probabilities * other.rate.log() + other.rate
  }
}

extension Beta {
  /// From the uniform distribution on 0..<1 or a wider interval; infinite where the interval leaves a part of 0...1
  /// out.
  public func divergence(from other: Uniform) -> Tensor {
    (-entropy - other.logProbability(other.mean)).kept(where: (other.low .<= 0) .& (other.high .>= 1), else: .infinity)
  }
}
