import TensorCore

/// The binomial distribution: the number of successes in n trials, P(k) = n! / (k! (n - k)!) · pᵏ (1 - p)ⁿ⁻ᵏ.
///
/// ```swift
/// Binomial(trials: Tensor(10.0), probabilities: Tensor(0.5)).mean  // → 5.0
/// ```
public struct Binomial: Entropic {
  /// n, as floating-point numbers.
  public let trials: Tensor
  /// log(p / (1 - p))
  public let logits: Tensor

  /// Parameters of shapes that broadcast. Stops unless 0 ≤ p ≤ 1 and each n is a whole number, 0 or more.
  public init(trials: Tensor, probabilities: Tensor) {
    self.init(trials: trials, logits: logit("Binomial", probabilities))
  }

  public init(trials: Int, probabilities: Tensor) {
    self.init(trials: Tensor(Double(trials), dtype: probabilities.dtype), probabilities: probabilities)
  }

  public init(trials: Tensor, logits: Tensor) {
    let parameters = broadcast("Binomial", ["trials": trials.cast(to: logits.dtype), "logits": logits])
    require("Binomial", "trials", trials, "a whole number, 0 or more,") { ($0 .>= 0) .& ($0 .== $0.floor()) }
    (self.trials, self.logits) = (parameters[0].detached(), parameters[1])
  }

  public var batchShape: Shape { logits.shape }
  public var probabilities: Tensor { logits.sigmoid() }
  public var mean: Tensor { trials * probabilities }
  public var variance: Tensor { mean * (-logits).sigmoid() }

  /// The sum of -P(k) log P(k) over all k.
  public var entropy: Tensor {
    let largest = trials.count == 0 ? 0 : trials.max().item()
    let shape = [Int(largest) + 1] + [Int](repeating: 1, count: batchShape.rank)
    let k = Tensor.range(0, largest + 1, dtype: logits.dtype).reshaped(shape)
    let isPossible = k .<= trials
    let log = logProbability(Tensor.where(isPossible, k, Tensor(0.0, dtype: k.dtype)))
    return -(log.exp() * log).kept(where: isPossible, else: 0).sum(axis: 0)
  }

  public func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    withoutGradients {
      let shape = drawShape(shape)
      let n = trials.cast(to: .float64).expanded(to: shape)
      let p = logits.detached().cast(to: .float64).sigmoid().expanded(to: shape)
      return binomialDraws(n.contiguous(), p.contiguous(), generator).cast(to: logits.dtype)
    }
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    let x = x.cast(to: logits.dtype)
    let isPossible = (x .>= 0) .& (x .<= trials) .& (x .== x.floor())
    let k = x.kept(where: isPossible, else: 0)
    let log =
      (trials + 1).logGamma() - (k + 1).logGamma() - (trials - k + 1).logGamma() + k * logits
      + trials * (-logits).logSigmoid()
    return log.kept(where: isPossible, else: -.infinity)
  }

  /// The divergence from a distribution with as many trials. Stops when their numbers differ.
  public func divergence(from other: Binomial) -> Tensor {
    let same = (trials .== other.trials).all().item(Bool.self)
    if !same { stop("Binomial", "divergence from one with other numbers of trials", fix: "compare equal trials") }
    return trials * Bernoulli(logits: logits).divergence(from: Bernoulli(logits: other.logits))
  }
}

extension Binomial: Divergent {}
