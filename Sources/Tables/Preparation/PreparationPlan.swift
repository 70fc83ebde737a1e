/// How a table becomes numbers: what ``TablePreparation`` is to do with the columns of each kind.
///
/// ```swift
/// var plan = PreparationPlan(target: "income")
/// plan.ignored = ["weight"]
/// plan.scaling = .quantiles
/// plan.fills["age"] = .constant(0)
/// plan.dateParts = [.month, .weekday, .elapsed]
/// ```
public struct PreparationPlan: Sendable, Hashable, Codable {
  /// What stands in place of a missing number.
  public enum Fill: Sendable, Hashable, Codable {
    case mean, median
    /// Of several, the least.
    case mostFrequent
    case constant(Double)
  }

  /// What stands in place of a missing category.
  public enum CategoryFill: Sendable, Hashable, Codable {
    /// An index of its own, behind those of the levels, if any was missing in training; else that of unknown levels.
    case ownIndex
    /// Of several, the first in the order of levels.
    case mostFrequent
    /// A level: one of the column's, or one more.
    case constant(String)
  }

  /// How categories become numbers.
  public enum CategoryEncoding: Sendable, Hashable, Codable {
    /// An index for each level, of a learned vector.
    case index
    /// The target's mean over the rows of the level, as if `smoothing` rows more had the mean of all; see ``TablePreparation/Mean``.
    case mean(smoothing: Double)
  }

  /// How numbers come to a common scale.
  public enum Scaling: String, Sendable, Hashable, Codable {
    case none
    /// (x − μ)/σ with the training rows' mean and standard deviation (÷ n); σ counts as 1 where all are equal.
    case standard
    /// The normal quantile of the share of training rows below x: whatever the distribution was, it becomes the standard normal's.
    case quantiles
  }

  /// The column to predict: a category to classify, a number for regression; nil for none.
  public var target: String?
  /// Columns that are not used. Text is never used.
  public var ignored: Set<String> = []
  public var fill: Fill = .median
  /// What other numbers than ``fill`` columns are filled with, by name.
  public var fills: [String: Fill] = [:]
  /// Whether a number that was missing in training has a further number: 1 where it is missing, else 0.
  public var indicatesMissing = true
  public var categoryFill: CategoryFill = .ownIndex
  /// As ``fills``, for categories.
  public var categoryFills: [String: CategoryFill] = [:]
  /// Levels that come less often in training count as unknown.
  public var minimumCount = 1
  public var categoryEncoding: CategoryEncoding = .index
  /// What columns are encoded otherwise, by name.
  public var categoryEncodings: [String: CategoryEncoding] = [:]
  public var scaling: Scaling = .standard
  /// What columns are scaled otherwise, by name.
  public var scalings: [String: Scaling] = [:]
  /// The numbers that each column of dates becomes.
  public var dateParts: [DatePart] = [.year, .month, .day, .weekday, .dayOfYear, .elapsed]
  /// How a target of numbers is scaled; predictions are scaled back.
  public var targetScaling: Scaling = .none

  /// Whether rows are left out, and counted, where the target is missing or of a class that training did not have; otherwise they are
  /// refused.
  public var skipsUnusableTargets = false

  public init(target: String?) { self.target = target }
}

/// A number that a date has.
public enum DatePart: String, Sendable, Hashable, Codable, CaseIterable {
  case year
  /// From 1 to 4.
  case quarter
  /// From 1.
  case month
  /// Of the month, from 1.
  case day
  /// From 0, Monday, to 6, Sunday.
  case weekday
  /// From 1.
  case dayOfYear
  /// With its fraction.
  case hour
  /// 1 on the first day of a month, and on the last; else 0.
  case isMonthStart, isMonthEnd
  /// Days since 1970-01-01, with their fraction.
  case elapsed

  /// ```swift
  /// DatePart.weekday.value(of: CalendarTime(secondsSince1970: 0))  // → 3.0
  /// ```
  public func value(of time: CalendarTime) -> Double {
    switch self {
    case .year: Double(time.year)
    case .quarter: Double((time.month + 2) / 3)
    case .month: Double(time.month)
    case .day: Double(time.day)
    case .weekday: Double(time.weekday)
    case .dayOfYear: Double(time.dayOfYear)
    case .hour: time.secondOfDay / 3600
    case .isMonthStart: time.day == 1 ? 1 : 0
    case .isMonthEnd: time.isMonthEnd ? 1 : 0
    case .elapsed: time.secondsSince1970 / 86400
    }
  }
}
