import TensorCore

/// The gamma distribution: p(x) = β^α x^(α-1) exp(-βx) / Γ(α) for x > 0, with concentration α and rate β.
///
/// Gradients of draws with respect to α are implicit (Figurnov, Mohamed & Mnih, "Implicit reparameterization
/// gradients", 2018), and have no derivatives of their own.
///
/// ```swift
/// Gamma(concentration: Tensor(3.0), rate: Tensor(2.0)).mean  // → 1.5
/// ```
public struct Gamma: Reparameterizable, Entropic, Divergent {
  public let concentration: Tensor
  public let rate: Tensor

  /// Parameters of shapes that broadcast. Stops unless α > 0 and β > 0.
  public init(concentration: Tensor, rate: Tensor) {
    let parameters = broadcast("Gamma", ["concentration": concentration, "rate": rate])
    requirePositive("Gamma", "concentration", concentration)
    requirePositive("Gamma", "rate", rate)
    (self.concentration, self.rate) = (parameters[0], parameters[1])
  }

  public init(concentration: Double, rate: Double) {
    self.init(concentration: Tensor(concentration), rate: Tensor(rate))
  }

  public var batchShape: Shape { concentration.shape }
  public var mean: Tensor { concentration / rate }
  public var variance: Tensor { concentration / rate.square() }
  public var entropy: Tensor {
    concentration - rate.log() + concentration.logGamma() + (1 - concentration) * concentration.digamma()
  }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    let log = logStandardGamma(concentration.expanded(to: drawShape(shape)), generator)
    return log.exp().cast(to: rate.dtype) / rate
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    let positive = x .> 0
    let log = x.kept(where: positive, else: 1).log()
    return (concentration * rate.log() + (concentration - 1) * log - rate * x - concentration.logGamma())
      .kept(where: positive, else: -.infinity)
  }

  public func divergence(from other: Gamma) -> Tensor {
    other.concentration * (rate / other.rate).log() + other.concentration.logGamma() - concentration.logGamma()
      + (concentration - other.concentration) * concentration.digamma()
      + (other.rate - rate) * (concentration / rate)
  }
}
