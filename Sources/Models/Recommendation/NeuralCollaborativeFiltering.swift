import NeuralNetworks
import TensorCore

/// A user's and an item's vectors through affine maps, beside the product of two others (He et al., "Neural collaborative filtering", 2017, §3.4, NeuMF):
///
/// r̂ᵤᵢ = μ + h · [pᵤ ⊙ qᵢ, φ([p′ᵤ, q′ᵢ])], φ affine maps, each with a rectifier and dropout
///
/// ```swift
/// let model = NeuralCollaborativeFiltering(users: 10, items: 20, mean: 3.5)
/// model(Tensor([[0, 3], [9, 19]])).shape  // → [2]
/// ```
public final class NeuralCollaborativeFiltering: Module, RatingModel {
  /// p and q, for the product.
  public let userFactors: Embedding
  public let itemFactors: Embedding
  /// p′ and q′, for the affine maps.
  public let users: Embedding
  public let items: Embedding
  public let layers: Sequential
  /// h, with a bias.
  public let head: Linear
  /// μ.
  public let mean: Buffer
  public let range: ClosedRange<Double>?
  private let hidden: [Int]
  private let dropout: Double

  /// - Parameters:
  ///   - hidden: The widths of the affine maps.
  ///   - dropout: The probability behind each of them.
  ///   - deviation: Of the vectors at first, which are normal.
  public init(
    users: Int, items: Int, width: Int = 16, hidden: [Int] = [32, 16], dropout: Double = 0, mean: Double = 0,
    range: ClosedRange<Double>? = nil, deviation: Double = 0.1, using generator: RandomGenerator = .default
  ) {
    func table(_ count: Int) -> Embedding { normalEmbedding(count, width, deviation: deviation, generator) }
    (userFactors, itemFactors) = (table(users), table(items))
    (self.users, self.items) = (table(users), table(items))
    let sizes = [2 * width] + hidden
    layers = Sequential(
      zip(sizes, hidden).flatMap { inputs, outputs -> [any Layer] in
        [Linear(inputs, outputs, using: generator), ReLU(), Dropout(dropout, using: generator)]
      })
    head = Linear(width + sizes[sizes.count - 1], 1, using: generator)
    self.mean = Buffer(Tensor([mean]))
    (self.range, self.hidden, self.dropout) = (range, hidden, dropout)
  }

  public func scores(of pairs: Tensor) -> Tensor {
    let (user, item) = (pairs[.all, 0], pairs[.all, 1])
    let product = userFactors(user) * itemFactors(item)
    let deep = layers(Tensor.concatenated([users(user), items(item)], axis: 1))
    return head(Tensor.concatenated([product, deep], axis: 1)).squeezed(1) + mean.value
  }

  public var itemVectors: Tensor { itemFactors.weight.value.detached() }

  public var architecture: Architecture? {
    .ratings(
      RatingArchitecture(
        .ncf, users: users.symbols, items: items.symbols, width: users.width, hidden: hidden, dropout: dropout,
        range: range))
  }

  public override var configuration: String { "\(users.symbols) users, \(items.symbols) items, \(users.width) wide" }
}
