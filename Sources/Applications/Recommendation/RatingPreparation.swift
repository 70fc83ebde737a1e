import DataPipelines

/// What recommending needs beside a model: who and what the numbers stand for, and who has rated what.
///
/// ```swift
/// let preparation = RatingPreparation(
///   users: ["ida", "max"], items: ["1", "2"], titles: ["Up", "Jaws"], rated: [[0, 1], [0]], range: 1...5)
/// preparation.popularity  // → [2, 1]
/// preparation.item(named: "jaws") == 1  // → true
/// ```
public struct RatingPreparation: Sendable, Hashable, Codable {
  /// Identifiers, by number.
  public let users: [String]
  public let items: [String]
  /// Of the items.
  public let titles: [String]
  /// The items that each user has rated.
  public let rated: [[Int]]
  public let low: Double
  public let high: Double

  public init(users: [String], items: [String], titles: [String], rated: [[Int]], range: ClosedRange<Double>) {
    (self.users, self.items, self.titles, self.rated) = (users, items, titles, rated)
    (low, high) = (range.lowerBound, range.upperBound)
  }

  /// How many have rated each item.
  public var popularity: [Int] { rated.joined().reduce(into: [Int](repeating: 0, count: items.count)) { $0[$1] += 1 } }

  /// The items' numbers, those that most have rated first.
  public var byPopularity: [Int] {
    let popularity = popularity
    return items.indices.sorted { (popularity[$1], $0) < (popularity[$0], $1) }
  }

  /// The number of the item with this identifier or title, else of the most popular of those whose title has it as a part, in any case.
  public func item(named name: String) -> Int? {
    if let number = titles.firstIndex(of: name) ?? items.firstIndex(of: name) { return number }
    let part = name.lowercased()
    return byPopularity.first { titles[$0].lowercased().contains(part) }
  }

  /// What in it can't be; nil where all is in order.
  var problem: String? {
    if users.isEmpty || items.isEmpty { return "no users or no items" }
    if titles.count != items.count { return "\(titles.count) titles for \(items.count) items" }
    if rated.count != users.count { return "the ratings of \(rated.count) of \(users.count) users" }
    if !(low <= high) { return "ratings from \(low) to \(high)" }
    return rated.joined().first { !items.indices.contains($0) }.map { "a rating of item \($0) of \(items.count)" }
  }
}
