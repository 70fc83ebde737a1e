import NeuralNetworks
import TensorCore

/// Ratings by a ``FactorizationMachine`` over what is known of users and items: who they are, and more, such as age and genre.
///
/// ```swift
/// // Two users, 1 and 2; two items, 3 and 4, of which the first has the feature 5.
/// let features = RatingFeatures(users: [[1], [2]], items: [[3, 5], [4]])
/// let model = RatingMachine(features, width: 4, mean: 3.5)
/// model(Tensor([[0, 1], [1, 0]])).shape  // → [2]
/// ```
public final class RatingMachine: Module, RatingModel {
  public let machine: FactorizationMachine
  /// The features of each, [users, fields] and [items, fields], filled up with 0.
  public let userFeatures: Buffer
  public let itemFeatures: Buffer
  public let range: ClosedRange<Double>?

  public init(
    _ features: RatingFeatures, width: Int = 16, mean: Double = 0, range: ClosedRange<Double>? = nil,
    deviation: Double = 0.1, using generator: RandomGenerator = .default
  ) {
    func matrix(_ rows: [[Int]], _ fields: Int) -> Buffer {
      let filled = rows.flatMap { $0 + [Int](repeating: 0, count: fields - $0.count) }
      return Buffer(Tensor(filled, shape: [rows.count, fields]))
    }
    machine = FactorizationMachine(
      features: features.count, width: width, bias: mean, deviation: deviation, using: generator)
    userFeatures = matrix(features.users, features.userFields)
    itemFeatures = matrix(features.items, features.itemFields)
    self.range = range
  }

  public func scores(of pairs: Tensor) -> Tensor {
    let user = userFeatures.value.indexSelected(axis: 0, indices: pairs[.all, 0])
    let item = itemFeatures.value.indexSelected(axis: 0, indices: pairs[.all, 1])
    return machine(Tensor.concatenated([user, item], axis: 1))
  }

  /// What no features of users and items can be; nil where all is in order.
  public var problem: String? {
    let count = machine.factors.symbols
    let features = [userFeatures, itemFeatures].flatMap { $0.value.scalars(as: Int.self) }
    return features.first { !(0..<count).contains($0) }.map { "the feature \($0) of \(count)" }
  }

  /// The sums of the vectors of each item's features.
  public var itemVectors: Tensor { withoutGradients { machine.factors(itemFeatures.value).sum(axis: 1) } }

  public var architecture: Architecture? {
    .ratings(
      RatingArchitecture(
        .fm, users: userFeatures.shape[0], items: itemFeatures.shape[0], width: machine.factors.width,
        features: [machine.factors.symbols, userFeatures.shape[1], itemFeatures.shape[1]], range: range))
  }

  public override var configuration: String { "\(userFeatures.shape[0]) users, \(itemFeatures.shape[0]) items" }
}

/// Features of users and items, numbered from 1; what a ``FactorizationMachine`` goes by.
///
/// ```swift
/// RatingFeatures(users: [[1], [2]], items: [[3, 5], [4]]).count  // → 6
/// ```
public struct RatingFeatures: Sendable, Hashable {
  public let users: [[Int]]
  public let items: [[Int]]
  /// The highest number and 1 more: 0 is none.
  public let count: Int

  /// Stops for a number below 1.
  public init(users: [[Int]], items: [[Int]]) {
    let all = (users + items).joined()
    if let low = all.min(), low < 1 { stop("RatingFeatures", "the feature \(low)", fix: "number them from 1") }
    (self.users, self.items, count) = (users, items, (all.max() ?? 0) + 1)
  }

  /// The most that one has.
  public var userFields: Int { max(users.map(\.count).max() ?? 1, 1) }
  public var itemFields: Int { max(items.map(\.count).max() ?? 1, 1) }
}
