import TensorCore

/// The Dirichlet distribution over probabilities of K categories: p(x) = Γ(Σα) Πᵢ xᵢ^(αᵢ-1) / Γ(αᵢ), for x ≥ 0 with Σx
/// = 1.
///
/// A draw is gamma draws divided by their sum, whose gradients are implicit; see ``Gamma``.
///
/// ```swift
/// let dirichlet = Dirichlet(concentration: Tensor([1.0, 2.0, 1.0]))
/// dirichlet.eventShape  // → [3]
/// dirichlet.mean  // → [0.25, 0.5, 0.25]
/// ```
public struct Dirichlet: Reparameterizable, Entropic, Divergent {
  /// [..., categories]
  public let concentration: Tensor

  /// Concentrations of shape [..., categories]. Stops unless α > 0, or when there is no axis of categories.
  public init(concentration: Tensor) {
    if concentration.rank == 0 {
      stop("Dirichlet", "concentration is a scalar", fix: "pass [..., categories]")
    }
    requirePositive("Dirichlet", "concentration", concentration)
    self.concentration = broadcast("Dirichlet", ["concentration": concentration])[0]
  }

  public var batchShape: Shape { Shape(Array(concentration.shape.dimensions.dropLast())) }
  public var eventShape: Shape { [concentration.shape[-1]] }
  private var total: Tensor { concentration.sum(axis: -1, keepingDimensions: true) }

  /// log of the product of all Γ(αᵢ) over Γ(Σα)
  private var logNormalizer: Tensor { concentration.logGamma().sum(axis: -1) - total.logGamma().squeezed(-1) }

  public var mean: Tensor { concentration / total }
  public var variance: Tensor { concentration * (total - concentration) / (total.square() * (total + 1)) }
  public var entropy: Tensor {
    let digamma = (total - Double(concentration.shape[-1])) * total.digamma()
    return logNormalizer + digamma.squeezed(-1) - ((concentration - 1) * concentration.digamma()).sum(axis: -1)
  }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    logStandardGamma(concentration.expanded(to: drawShape(shape)), generator).softmax(axis: -1)
      .cast(to: concentration.dtype)
  }

  /// x of shape [..., categories]; its sum is not checked.
  public func logProbability(_ x: Tensor) -> Tensor {
    let inside = x .> 0
    let log = x.kept(where: inside, else: 1).log()
    return (((concentration - 1) * log).kept(where: inside, else: -.infinity)).sum(axis: -1) - logNormalizer
  }

  public func divergence(from other: Dirichlet) -> Tensor {
    let digammas = concentration.digamma() - total.digamma()
    return other.logNormalizer - logNormalizer + ((concentration - other.concentration) * digammas).sum(axis: -1)
  }
}
