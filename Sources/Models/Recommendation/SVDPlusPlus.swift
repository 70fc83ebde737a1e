import NeuralNetworks
import TensorCore

/// ``MatrixFactorization`` that also goes by which items a user has rated at all (Koren, "Factorization meets the neighborhood", 2008, §4, SVD++):
///
/// r̂ᵤᵢ = μ + bᵤ + bᵢ + qᵢ · (pᵤ + |N(u)|^(−½) Σ yⱼ over the items j in N(u), those that u has rated)
///
/// ```swift
/// let rated = KnownRatings([[(0, 5.0), (2, 3.0)], [(1, 4.0)]])
/// let model = SVDPlusPlus(rated: rated, items: 3, width: 4, mean: 4)
/// model(Tensor([[0, 1], [1, 2]])).shape  // → [2]
/// ```
public final class SVDPlusPlus: Module, RatingModel {
  /// p.
  public let users: Embedding
  /// q.
  public let items: Embedding
  /// y.
  public let implicit: Embedding
  public let biases: RatingBiases
  /// N: the items that each user has rated, of the ratings that are learned from.
  public let rated: KnownRatings

  /// - Parameters:
  ///   - rated: A list for each user. Stops for an item that is not below `items`.
  ///   - deviation: Of the vectors at first, which are normal; the biases are 0.
  public init(
    rated: KnownRatings, items: Int, width: Int = 20, mean: Double = 0, range: ClosedRange<Double>? = nil,
    deviation: Double = 0.1, using generator: RandomGenerator = .default
  ) {
    if let problem = rated.problem(limit: items) {
      stop("SVDPlusPlus", problem, fix: "pass a list of items in 0..<\(items) for each user")
    }
    let users = rated.listCount
    self.users = normalEmbedding(users, width, deviation: deviation, generator)
    self.items = normalEmbedding(items, width, deviation: deviation, generator)
    implicit = normalEmbedding(items, width, deviation: deviation, generator)
    biases = RatingBiases(users: users, items: items, mean: mean, range: range)
    self.rated = rated
  }

  public var range: ClosedRange<Double>? { biases.range }

  public func scores(of pairs: Tensor) -> Tensor {
    let (user, item) = (pairs[.all, 0], pairs[.all, 1])
    let bags = rated.bags(of: user)
    let weight = implicit.weight.value
    let scales = Tensor(
      bags.sizes.map { $0 == 0 ? 0 : 1 / Double($0).squareRoot() }, shape: [bags.sizes.count, 1], dtype: weight.dtype)
    let sums = embeddingBag(weight, bags.others, offsets: bags.starts, mode: .sum) * scales
    let taste = users(user) + sums.indexSelected(axis: 0, indices: bags.places)
    return biases.scores(of: pairs) + (taste * items(item)).sum(axis: 1)
  }

  public var itemVectors: Tensor { items.weight.value.detached() }

  public var architecture: Architecture? {
    .ratings(
      RatingArchitecture(
        .svdpp, users: users.symbols, items: items.symbols, known: rated.count, width: users.width, range: range))
  }

  public override var configuration: String { "\(users.symbols) users, \(items.symbols) items, \(users.width) wide" }
}
