import TensorCore

/// How many components are kept.
///
/// ```swift
/// let count: ComponentCount = 2
/// count  // → count(2)
/// ```
public enum ComponentCount: Sendable, Hashable, Codable, ExpressibleByIntegerLiteral {
  /// As many as there are samples or features, whichever are fewer.
  case all
  case count(Int)
  /// The fewest that explain this share of the variance, above 0 and below 1.
  case varianceShare(Double)

  public init(integerLiteral value: Int) { self = .count(value) }

  /// What a message says is expected of at most `largest`; nil if the count is as it must be.
  func problem(largest: Int) -> String? {
    switch self {
    case .all: nil
    case .count(let count): (1...largest).contains(count) ? nil : "1 to \(largest) components"
    case .varianceShare(let share): share > 0 && share < 1 ? nil : "a share of variance above 0 and below 1"
    }
  }

  /// The number of components.
  /// - Parameter ratios: Each component's share of the variance, descending.
  func count(_ ratios: Tensor) -> Int {
    switch self {
    case .all: return ratios.count
    case .count(let count): return count
    case .varianceShare(let share):
      let reached = ratios.cumulativeSum(axis: 0).scalars(as: Double.self)
      return (reached.firstIndex { $0 > share } ?? reached.count - 1) + 1
    }
  }
}
