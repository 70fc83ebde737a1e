import TensorCore

/// The multinomial distribution: how often each of K categories comes in n independent draws, P(x) = n! Πᵢ pᵢ^xᵢ / xᵢ!.
///
/// ```swift
/// Multinomial(trials: 4, probabilities: Tensor([0.25, 0.75])).sample([5]).sum(axis: 1)  // → [4.0, 4.0, 4.0, 4.0, 4.0]
/// ```
public struct Multinomial: Entropic {
  public let trials: Int
  public let categorical: Categorical

  /// Weights of shape [..., categories], which need not add up to 1. Stops when n < 0.
  public init(trials: Int, probabilities: Tensor) {
    self.init(trials, Categorical(probabilities: probabilities))
  }

  /// Logits of shape [..., categories], up to a constant.
  public init(trials: Int, logits: Tensor) { self.init(trials, Categorical(logits: logits)) }

  private init(_ trials: Int, _ categorical: Categorical) {
    if trials < 0 { stop("Multinomial", "\(trials) trials", fix: "pass 0 or more") }
    (self.trials, self.categorical) = (trials, categorical)
  }

  public var batchShape: Shape { categorical.batchShape }
  public var eventShape: Shape { [categorical.categories] }
  public var mean: Tensor { categorical.probabilities * Double(trials) }
  public var variance: Tensor { mean * (1 - categorical.probabilities) }

  private var logFactorial: Tensor { Tensor(Double(trials) + 1, dtype: categorical.logProbabilities.dtype).logGamma() }

  /// n·H(p) - log n! + Σᵢ E[log Xᵢ!], each Xᵢ binomial.
  public var entropy: Tensor {
    let p = categorical.probabilities
    let binomial = Binomial(trials: trials, probabilities: p)
    let shape = [trials + 1] + [Int](repeating: 1, count: p.rank)
    let k = Tensor.range(0, Double(trials + 1), dtype: p.dtype).reshaped(shape)
    let expected = (binomial.logProbability(k).exp() * (k + 1).logGamma()).sum(axes: [0, -1])
    return categorical.entropy * Double(trials) - logFactorial + expected
  }

  /// Category by category: the share of those that are left is binomial.
  public func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    withoutGradients {
      let dtype = categorical.logProbabilities.dtype
      let p = categorical.probabilities.detached().cast(to: .float64)
      let draws = Shape(shape.dimensions + batchShape.dimensions)
      var left = Tensor.full(draws, Double(trials), dtype: .float64)
      var weight = Tensor.ones(batchShape, dtype: .float64)
      var counts: [Tensor] = []
      for (category, column) in p.split(every: 1, axis: -1).enumerated() {
        let own = column.squeezed(-1)
        let isLast = category == categorical.categories - 1
        let share = (own / Tensor.maximum(weight, Tensor(1e-300, dtype: .float64))).clamped(to: 0...1)
        let count = isLast ? left : binomialDraws(left, share.expanded(to: draws).contiguous(), generator)
        counts.append(count)
        left = left - count
        weight = weight - own
      }
      return Tensor.stacked(counts, axis: -1).cast(to: dtype)
    }
  }

  /// x of shape [..., categories], whose rows add up to n.
  public func logProbability(_ x: Tensor) -> Tensor {
    let log = categorical.logProbabilities
    let x = x.cast(to: log.dtype)
    return logFactorial + (x.timesFinite(log) - (x + 1).logGamma()).sum(axis: -1)
  }
}
