import NeuralNetworks
import TensorCore

/// A rating as the mean, how much more a user gives than others, and how much more an item gets (Koren, Bell & Volinsky, "Matrix factorization
/// techniques for recommender systems", 2009, eq. 3):
///
/// r̂ᵤᵢ = μ + bᵤ + bᵢ
///
/// ```swift
/// let model = RatingBiases(users: 10, items: 20, mean: 3.5)
/// model(Tensor([[0, 3], [9, 19]])).detached()  // → [3.5, 3.5]
/// ```
public final class RatingBiases: Module, RatingModel {
  public let users: Embedding
  public let items: Embedding
  /// μ.
  public let mean: Buffer
  public let range: ClosedRange<Double>?

  /// All biases are 0 at first.
  public init(users: Int, items: Int, mean: Double = 0, range: ClosedRange<Double>? = nil) {
    self.users = biasTable(users)
    self.items = biasTable(items)
    self.mean = Buffer(Tensor([mean]))
    self.range = range
  }

  public func scores(of pairs: Tensor) -> Tensor {
    (users(pairs[.all, 0]) + items(pairs[.all, 1])).squeezed(1) + mean.value
  }

  public var itemVectors: Tensor { items.weight.value.detached() }

  public var architecture: Architecture? {
    .ratings(RatingArchitecture(.bias, users: users.symbols, items: items.symbols, range: range))
  }

  public override var configuration: String { "\(users.symbols) users, \(items.symbols) items" }
}
