import TensorCore

/// The beta distribution: p(x) = x^(α-1) (1 - x)^(β-1) / B(α, β) for 0 < x < 1.
///
/// A draw is X / (X + Y) for gamma draws X and Y, whose gradients are implicit; see ``Gamma``.
///
/// ```swift
/// Beta(alpha: Tensor(2.0), beta: Tensor(2.0)).mean  // → 0.5
/// ```
public struct Beta: Reparameterizable, Entropic, Divergent {
  public let alpha: Tensor
  public let beta: Tensor

  /// Parameters of shapes that broadcast. Stops unless α > 0 and β > 0.
  public init(alpha: Tensor, beta: Tensor) {
    let parameters = broadcast("Beta", ["alpha": alpha, "beta": beta])
    requirePositive("Beta", "alpha", alpha)
    requirePositive("Beta", "beta", beta)
    (self.alpha, self.beta) = (parameters[0], parameters[1])
  }

  public init(alpha: Double, beta: Double) { self.init(alpha: Tensor(alpha), beta: Tensor(beta)) }

  public var batchShape: Shape { alpha.shape }
  private var total: Tensor { alpha + beta }
  /// log B(α, β)
  private var logNormalizer: Tensor { alpha.logGamma() + beta.logGamma() - total.logGamma() }

  public var mean: Tensor { alpha / total }
  public var variance: Tensor { alpha * beta / (total.square() * (total + 1)) }
  public var entropy: Tensor {
    logNormalizer - (alpha - 1) * alpha.digamma() - (beta - 1) * beta.digamma() + (total - 2) * total.digamma()
  }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    let x = logStandardGamma(alpha.expanded(to: drawShape(shape)), generator)
    let y = logStandardGamma(beta.expanded(to: drawShape(shape)), generator)
    return (x - y).sigmoid().cast(to: alpha.dtype)
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    let inside = (x .> 0) .& (x .< 1)
    let safe = x.kept(where: inside, else: 0.5)
    return ((alpha - 1) * safe.log() + (beta - 1) * (-safe).log1p() - logNormalizer)
      .kept(where: inside, else: -.infinity)
  }

  public func divergence(from other: Beta) -> Tensor {
    other.logNormalizer - logNormalizer + (alpha - other.alpha) * alpha.digamma()
      + (beta - other.beta) * beta.digamma() + (other.total - total) * total.digamma()
  }
}
