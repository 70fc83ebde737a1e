import TensorCore

/// The categorical distribution over 0, 1, …, K - 1. Draws are int64.
///
/// ```swift
/// let dice = Categorical(probabilities: Tensor([0.5, 0.25, 0.25]))
/// dice.categories  // → 3
/// dice.sample([5]).dtype  // → int64
/// ```
public struct Categorical: Entropic, Divergent {
  /// The logarithms of the probabilities, [..., categories].
  public let logProbabilities: Tensor

  /// Weights of shape [..., categories], which need not add up to 1. Stops when one is negative, or a row has none that
  /// is positive.
  public init(probabilities: Tensor) {
    Self.requireCategories(probabilities)
    require("Categorical", "probabilities", probabilities, "0 or more") { $0 .>= 0 }
    let total = probabilities.sum(axis: -1, keepingDimensions: true)
    requirePositive("Categorical", "the sum of the probabilities", total)
    // A category without any probability must not turn the others' gradients into NaN.
    let (share, isPossible) = (probabilities / total, probabilities .> 0)
    logProbabilities = share.kept(where: isPossible, else: 1).log().kept(where: isPossible, else: -.infinity)
  }

  /// Logits of shape [..., categories], up to a constant.
  public init(logits: Tensor) {
    Self.requireCategories(logits)
    logProbabilities = logits.logSoftmax(axis: -1)
  }

  private static func requireCategories(_ x: Tensor) {
    if x.rank == 0 || x.shape[-1] == 0 {
      stop("Categorical", "parameters of shape \(x.shape) have no categories", fix: "pass [..., categories]")
    }
    _ = broadcast("Categorical", ["parameters": x])
  }

  public var batchShape: Shape { Shape(Array(logProbabilities.shape.dimensions.dropLast())) }
  /// How many categories there are.
  public var categories: Int { logProbabilities.shape[-1] }
  public var probabilities: Tensor { logProbabilities.exp() }
  /// E[X], of the numbers of the categories.
  public var mean: Tensor { (probabilities * numbers).sum(axis: -1) }
  public var variance: Tensor {
    (probabilities * (numbers - mean.unsqueezed(-1)).square()).sum(axis: -1)
  }
  public var entropy: Tensor { -probabilities.timesFinite(logProbabilities).sum(axis: -1) }

  private var numbers: Tensor { Tensor.range(0, Double(categories), dtype: logProbabilities.dtype) }

  /// The category of the largest log-probability plus Gumbel noise (Maddison, Tarlow & Minka, "A* sampling", 2014).
  public func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    withoutGradients {
      let shape = Shape(drawShape(shape).dimensions + [categories])
      let noise = -(-openUniform(shape, generator).log()).log()
      return (logProbabilities.cast(to: .float64) + noise).argmax(axis: -1)
    }
  }

  /// The log-probabilities of categories x, integers that broadcast against the batch. Stops when one is not below K.
  public func logProbability(_ x: Tensor) -> Tensor {
    let x = x.cast(to: .int64).batched(batchShape, eventRank: 0, "Categorical")
    let table = logProbabilities.expanded(to: Shape(x.shape.dimensions + [categories]))
    return table.gathered(axis: -1, indices: x.unsqueezed(-1)).squeezed(-1)
  }

  public func divergence(from other: Categorical) -> Tensor {
    let difference = logProbabilities - other.logProbabilities
    return (probabilities * difference).kept(where: (probabilities .> 0), else: 0).sum(axis: -1)
  }
}
