import TensorCore

/// The geometric distribution: P(k) = (1 - p)ᵏ p, the number of failures before the first success.
///
/// ```swift
/// Geometric(probabilities: Tensor(0.25)).mean  // → 3.0
/// ```
public struct Geometric: Entropic, Divergent {
  public let probabilities: Tensor

  /// Stops unless 0 < p < 1.
  public init(probabilities: Tensor) {
    require("Geometric", "probabilities", probabilities, "between 0 and 1") { ($0 .> 0) .& ($0 .< 1) }
    self.probabilities = broadcast("Geometric", ["probabilities": probabilities])[0]
  }

  public var batchShape: Shape { probabilities.shape }
  private var logFailure: Tensor { (-probabilities).log1p() }
  public var mean: Tensor { probabilities.reciprocal() - 1 }
  public var variance: Tensor { mean / probabilities }
  public var entropy: Tensor { -probabilities.log() - mean * logFailure }

  public func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    withoutGradients {
      let log = openUniform(drawShape(shape), generator).log()
      return (log / logFailure.cast(to: .float64)).floor().cast(to: probabilities.dtype)
    }
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    let x = x.cast(to: probabilities.dtype)
    return (x * logFailure + probabilities.log()).kept(where: (x .>= 0) .& (x .== x.floor()), else: -.infinity)
  }

  public func divergence(from other: Geometric) -> Tensor {
    -entropy - other.logFailure * mean - other.probabilities.log()
  }
}
