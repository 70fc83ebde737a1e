import DataPipelines
import EvaluationMetrics
import Foundation
import Models
import NeuralNetworks
import TensorCore
import TensorIO

/// Says who may like what: a model of ratings, with who has rated what.
///
/// ```swift
/// let data = RatingData(users: ["ida", "max", "ida"], items: ["up", "up", "jaws"], ratings: [5, 3, 1])
/// let preparation = RatingPreparation(
///   users: data.users, items: data.items, titles: ["Jaws", "Up"], rated: [[0, 1], [1]], range: 1...5)
/// let recommender = Recommender(RatingBiases(users: 2, items: 2, mean: 3), preparation: preparation)
/// recommender.recommendations(for: "max").map(\.description)  // → ["Jaws 3.0"]
/// // Nobody knows eve: she is told what most have rated.
/// recommender.recommendations(for: "eve").map(\.description)  // → ["Up", "Jaws"]
/// ```
public struct Recommender {
  public let model: any RatingModel
  public let preparation: RatingPreparation
  /// What is noted in the file.
  public var details: [String: String]

  /// An item that someone may like.
  public struct Recommendation: Sendable, Hashable, CustomStringConvertible {
    public let item: String
    public let title: String
    /// The predicted rating; nil where the item is told because many have rated it.
    public let rating: Double?

    public var description: String { rating.map { "\(title) \((10 * $0).rounded() / 10)" } ?? title }
  }

  /// Stops unless the model is one for so many users and items.
  public init(_ model: any RatingModel, preparation: RatingPreparation, details: [String: String] = [:]) {
    if let (expected, found) = Self.mismatch(model, preparation) { stop("Recommender", found, fix: "pass \(expected)") }
    (self.model, self.preparation, self.details) = (model, preparation, details)
  }

  /// Reads a ``ModelFile``, which has all that is needed.
  ///
  /// - Throws: ``TensorIO/FileError`` when it can't be read or is damaged, or is for another task.
  public init(contentsOf url: URL) throws(FileError) {
    let file = try ModelFile(contentsOf: url)
    guard case .ratings(let preparation) = file.preparation else {
      throw .contents(file: file.file, key: "task", expected: "\(ModelFile.Task.recommendation)", found: "\(file.task)")
    }
    guard let model = try file.makeModel() as? any RatingModel else {
      throw .contents(file: file.file, key: "architecture", expected: "a model of ratings", found: file.model)
    }
    if let (expected, found) = Self.mismatch(model, preparation) {
      throw .contents(file: file.file, key: "preparation", expected: expected, found: found)
    }
    (self.model, self.preparation, details) = (model, preparation, file.details)
  }

  private static func mismatch(
    _ model: any RatingModel, _ preparation: RatingPreparation
  ) -> (expected: String, found: String)? {
    if let problem = preparation.problem { return ("users, items, and what they have rated", problem) }
    guard case .ratings(let architecture)? = model.architecture else { return nil }
    let (users, items) = (preparation.users.count, preparation.items.count)
    if architecture.users != users || architecture.items != items {
      return (
        "a model of \(users) users and \(items) items", "one of \(architecture.users) and \(architecture.items)"
      )
    }
    let problem =
      switch model {
      case let model as SVDPlusPlus: model.rated.problem(limit: items)
      case let model as AutoRec: model.rated.problem(limit: users)
      case let model as RatingMachine: model.problem
      default: String?.none
      }
    return problem.map { ("ratings and features that can be", $0) }
  }

  /// Writes all of it in one file, whole or not at all.
  ///
  /// - Throws: ``TensorIO/FileError``. What stood at `url` is then as it was.
  public func save(to url: URL) throws(FileError) {
    try ModelFile(model, preparation: .ratings(preparation), details: details).write(to: url)
  }
}

// MARK: - Recommending

extension Recommender {
  /// Whether the model has learned from ratings of this user.
  public func knows(_ user: String) -> Bool { number(of: user) != nil }

  private func number(of user: String) -> Int? {
    preparation.users.firstIndex(of: user).flatMap { preparation.rated[$0].isEmpty ? nil : $0 }
  }

  /// The items with the highest predicted ratings that a user has not rated; for a user that is not known, those that most have rated.
  public func recommendations(for user: String, count: Int = 10) -> [Recommendation] {
    guard let number = number(of: user) else {
      return preparation.byPopularity.prefix(count).map { recommendation($0, nil) }
    }
    let scores = scores(of: [number])[0]
    let (low, high) = (preparation.low, preparation.high)
    return ranked(by: scores, for: number).prefix(count).map { recommendation($0, min(max(scores[$0], low), high)) }
  }

  private func recommendation(_ item: Int, _ rating: Double?) -> Recommendation {
    Recommendation(item: preparation.items[item], title: preparation.titles[item], rating: rating)
  }

  /// The items whose vectors point in the most similar direction, the most similar first, among those that at least a tenth as many have rated:
  /// the vectors of items with few ratings say little. Empty for an item that is not known.
  ///
  /// - Parameter name: See ``RatingPreparation/item(named:)``.
  public func similar(to name: String, count: Int = 10) -> [(title: String, cosine: Double)] {
    guard let number = preparation.item(named: name) else { return [] }
    let vectors = model.itemVectors.cast(to: .float64)
    let unit = vectors / vectors.norm(axes: [1], keepingDimensions: true).clamped(to: 1e-12...)
    let cosines = unit.matmul(unit[number].unsqueezed(1)).squeezed(1).scalars(as: Double.self)
    let popularity = preparation.popularity
    let near = cosines.indices.filter { $0 != number && 10 * popularity[$0] >= popularity[number] }
    return near.sorted { (cosines[$1], $0) < (cosines[$0], $1) }.prefix(count).map {
      (preparation.titles[$0], cosines[$0])
    }
  }

  /// Each user's scores of all items.
  func scores(of users: [Int]) -> [[Double]] {
    let items = preparation.items.count
    let pairs = users.flatMap { user in (0..<items).flatMap { [user, $0] } }
    let scores = model.withEvaluationMode {
      withoutGradients { model.scores(of: Tensor(pairs, shape: [users.count * items, 2])) }
    }.scalars(as: Double.self)
    return users.indices.map { Array(scores[$0 * items..<($0 + 1) * items]) }
  }

  /// The items that a user has not rated, the best first.
  private func ranked(by scores: [Double], for user: Int) -> [Int] {
    unseen(by: user).sorted { (scores[$1], $0) < (scores[$0], $1) }
  }

  private func unseen(by user: Int) -> [Int] {
    let seen = Set(preparation.rated[user])
    return preparation.items.indices.filter { !seen.contains($0) }
  }

  /// How good the first items are for users who have rated others in `test` well, and how good the most popular ones would be.
  ///
  /// - Parameter threshold: The least rating of an item that would have been right; nil: within the range's upper quarter, 4 of 1 to 5.
  public func metrics(
    on test: RatingData, count: Int = 10, threshold: Double? = nil
  ) -> (model: TopNMetrics, popularity: TopNMetrics) {
    let least = threshold ?? preparation.high - (preparation.high - preparation.low) / 4
    var relevant = [Set<Int>](repeating: [], count: preparation.users.count)
    for (place, rating) in test.ratings.enumerated() where rating >= least {
      relevant[test.userNumbers[place]].insert(test.itemNumbers[place])
    }
    var (metrics, popular) = (TopNMetrics(count: count), TopNMetrics(count: count))
    let users = relevant.indices.filter { !relevant[$0].isEmpty }
    let byPopularity = preparation.byPopularity
    // A few users at a time: each has a score for each item.
    let chunk = max(1, 65_536 / preparation.items.count)
    for start in stride(from: 0, to: users.count, by: chunk) {
      let part = Array(users[start..<min(start + chunk, users.count)])
      for (user, scores) in zip(part, scores(of: part)) {
        let seen = Set(preparation.rated[user])
        metrics.add(ranked: Array(ranked(by: scores, for: user).prefix(count)), relevant: relevant[user])
        popular.add(
          ranked: Array(byPopularity.lazy.filter { !seen.contains($0) }.prefix(count)), relevant: relevant[user])
      }
    }
    return (metrics, popular)
  }
}
