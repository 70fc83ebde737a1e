import Foundation

/// How good the first items of ranked lists are, over users: each has a list, and items that would have been right.
///
/// - recall@k: the share of the right items that is among the first k.
/// - precision@k: the share of the first k that is right.
/// - hit rate@k: the share of users with at least one right item among the first k.
/// - NDCG@k (Järvelin & Kekäläinen, "Cumulated gain-based evaluation", 2002): Σ 1/log₂(1 + place) over the right ones among the first k, divided by what the best
///   list would have.
/// - MAP@k: the mean over users of the precisions at each right item's place, divided by min(k, how many are right).
///
/// Users without a right item are left out.
///
/// ```swift
/// var metrics = TopNMetrics(count: 3)
/// metrics.add(ranked: [7, 2, 9, 4], relevant: [2, 4])
/// metrics.recall  // → 0.5
/// metrics.meanAveragePrecision  // → 0.25
/// ```
public struct TopNMetrics: Sendable, Hashable {
  /// k.
  public let count: Int
  /// How many users were counted.
  public private(set) var users = 0
  private var recalls = 0.0
  private var precisions = 0.0
  private var hits = 0.0
  private var gains = 0.0
  private var averages = 0.0

  public init(count: Int = 10) { self.count = max(count, 1) }

  /// Counts a user's list, the best first, beside what would have been right.
  public mutating func add(ranked: [Int], relevant: Set<Int>) {
    if relevant.isEmpty { return }
    users += 1
    var (found, gain, sum) = (0.0, 0.0, 0.0)
    for (place, item) in ranked.prefix(count).enumerated() where relevant.contains(item) {
      found += 1
      gain += 1 / log2(Double(place + 2))
      sum += found / Double(place + 1)
    }
    let possible = min(count, relevant.count)
    let best = (0..<possible).reduce(0) { $0 + 1 / log2(Double($1 + 2)) }
    recalls += found / Double(relevant.count)
    precisions += found / Double(count)
    hits += found > 0 ? 1 : 0
    gains += gain / best
    averages += sum / Double(possible)
  }

  public var recall: Double { mean(recalls) }
  public var precision: Double { mean(precisions) }
  public var hitRate: Double { mean(hits) }
  public var ndcg: Double { mean(gains) }
  public var meanAveragePrecision: Double { mean(averages) }

  /// NaN before a user is counted.
  private func mean(_ sum: Double) -> Double { users == 0 ? .nan : sum / Double(users) }
}
