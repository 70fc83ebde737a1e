import TensorCore

/// The categorical distribution with draws as vectors: 1 at the category, 0 elsewhere.
///
/// ```swift
/// OneHotCategorical(probabilities: Tensor([0.0, 1.0])).sample()  // → [0.0, 1.0]
/// ```
public struct OneHotCategorical: Entropic, Divergent {
  /// The same distribution over numbers.
  public let categorical: Categorical

  /// Weights of shape [..., categories], which need not add up to 1.
  public init(probabilities: Tensor) { categorical = Categorical(probabilities: probabilities) }

  /// Logits of shape [..., categories], up to a constant.
  public init(logits: Tensor) { categorical = Categorical(logits: logits) }

  public var batchShape: Shape { categorical.batchShape }
  public var eventShape: Shape { [categorical.categories] }
  public var mean: Tensor { categorical.probabilities }
  public var variance: Tensor { mean * (1 - mean) }
  public var entropy: Tensor { categorical.entropy }

  public func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    let chosen = categorical.sample(shape, using: generator).unsqueezed(-1)
    let numbers = Tensor.range(0, Double(categorical.categories), dtype: .int64)
    return (chosen .== numbers).cast(to: categorical.logProbabilities.dtype)
  }

  /// x of shape [..., categories], one 1 in each row.
  public func logProbability(_ x: Tensor) -> Tensor {
    let log = categorical.logProbabilities
    let x = x.cast(to: log.dtype)
    return Tensor.where(x .> 0, log, Tensor(0.0, dtype: log.dtype)).sum(axis: -1)
  }

  public func divergence(from other: OneHotCategorical) -> Tensor {
    categorical.divergence(from: other.categorical)
  }
}
