import NeuralNetworks
import TensorCore

/// ``RatingBiases``, and the product of a user's and an item's vectors (Koren, Bell & Volinsky, "Matrix factorization techniques for recommender
/// systems", 2009, eq. 4; fastai's `DotProductBias`):
///
/// r̂ᵤᵢ = μ + bᵤ + bᵢ + pᵤ · qᵢ
///
/// ```swift
/// let model = MatrixFactorization(users: 10, items: 20, width: 4, mean: 3.5)
/// model(Tensor([[0, 3], [9, 19]])).shape  // → [2]
/// ```
public final class MatrixFactorization: Module, RatingModel {
  /// p.
  public let users: Embedding
  /// q.
  public let items: Embedding
  public let biases: RatingBiases

  /// - Parameter deviation: Of the vectors at first, which are normal; the biases are 0.
  public init(
    users: Int, items: Int, width: Int = 20, mean: Double = 0, range: ClosedRange<Double>? = nil,
    deviation: Double = 0.1, using generator: RandomGenerator = .default
  ) {
    self.users = normalEmbedding(users, width, deviation: deviation, generator)
    self.items = normalEmbedding(items, width, deviation: deviation, generator)
    biases = RatingBiases(users: users, items: items, mean: mean, range: range)
  }

  public var range: ClosedRange<Double>? { biases.range }

  public func scores(of pairs: Tensor) -> Tensor {
    biases.scores(of: pairs) + (users(pairs[.all, 0]) * items(pairs[.all, 1])).sum(axis: 1)
  }

  public var itemVectors: Tensor { items.weight.value.detached() }

  public var architecture: Architecture? {
    .ratings(
      RatingArchitecture(.mf, users: users.symbols, items: items.symbols, width: users.width, range: range))
  }

  public override var configuration: String { "\(users.symbols) users, \(items.symbols) items, \(users.width) wide" }
}
