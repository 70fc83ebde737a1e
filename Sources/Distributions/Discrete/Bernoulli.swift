import TensorCore

/// The Bernoulli distribution: 1 with probability p, else 0. Draws are of the parameter's dtype.
///
/// ```swift
/// let coin = Bernoulli(probabilities: Tensor([0.5, 0.25]))
/// coin.sample([5]).shape  // → [5, 2]
/// ```
public struct Bernoulli: Entropic, Divergent {
  /// log(p / (1 - p))
  public let logits: Tensor

  /// Stops unless 0 ≤ p ≤ 1. Probabilities are kept away from 0 and 1 by the dtype's precision, as in PyTorch.
  public init(probabilities: Tensor) { logits = logit("Bernoulli", probabilities) }

  public init(logits: Tensor) { self.logits = broadcast("Bernoulli", ["logits": logits])[0] }

  public var batchShape: Shape { logits.shape }
  public var probabilities: Tensor { logits.sigmoid() }
  public var mean: Tensor { probabilities }
  public var variance: Tensor { probabilities * (-logits).sigmoid() }
  /// log(1 + exp(l)) - p·l
  public var entropy: Tensor { -(-logits).logSigmoid() - probabilities * logits }

  public func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    withoutGradients {
      Tensor.bernoulli(probabilities: probabilities.expanded(to: drawShape(shape)), using: generator)
    }
  }

  /// x·l - log(1 + exp(l))
  public func logProbability(_ x: Tensor) -> Tensor {
    let x = x.cast(to: logits.dtype)
    return (x * logits + (-logits).logSigmoid()).kept(where: (x .== 0) .| (x .== 1), else: -.infinity)
  }

  public func divergence(from other: Bernoulli) -> Tensor {
    probabilities * (logits - other.logits) + (-logits).logSigmoid() - (-other.logits).logSigmoid()
  }
}

/// log(p / (1 - p)), p kept away from 0 and 1. Stops unless 0 ≤ p ≤ 1.
func logit(_ distribution: String, _ probabilities: Tensor) -> Tensor {
  let p = broadcast(distribution, ["probabilities": probabilities])[0]
  require(distribution, "probabilities", p, "in 0...1") { ($0 .>= 0) .& ($0 .<= 1) }
  let least = p.dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
  let inside = p.clamped(to: least...(1 - least))
  return inside.log() - (-inside).log1p()
}
