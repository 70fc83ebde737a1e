import NotebookDisplay

extension ResultPage {
  /// A number that says how good the result is, and the one that was aimed at, if any.
  ///
  /// ```swift
  /// let error = ResultPage.Figure("RMSE", 0.4812, aim: 0.45, greaterIsBetter: false)
  /// error.isReached == false  // → true
  /// error  // → RMSE 0.4812, aimed at 0.4500 or less: not reached
  /// ```
  public struct Figure: Sendable, Hashable, CustomStringConvertible {
    public enum Format: Sendable, Hashable {
      /// 0.9942 → 99.42 %
      case percent
      /// Four decimals, fewer for greater numbers.
      case number
      /// 12345 → 12,345
      case count
    }

    public var name: String
    public var value: Double
    public var format: Format
    /// What was aimed at, in the value's unit.
    public var aim: Double?
    public var greaterIsBetter: Bool

    public init(
      _ name: String, _ value: Double, as format: Format = .number, aim: Double? = nil, greaterIsBetter: Bool = true
    ) {
      (self.name, self.value, self.format) = (name, value, format)
      (self.aim, self.greaterIsBetter) = (aim, greaterIsBetter)
    }

    /// Whether the value is as good as the aim; nil without one.
    public var isReached: Bool? { aim.map { greaterIsBetter ? value >= $0 : value <= $0 } }

    /// The value as the page shows it: with more decimals than usual where it would look like an aim that is missed.
    public var text: String {
      let text = format.text(of: value)
      guard let aim, isReached == false, format == .percent, text == format.text(of: aim) else { return text }
      let decimals = (3...8).first { (value * 100).formatted(decimals: $0) != (aim * 100).formatted(decimals: $0) }
      return decimals.map { "\((value * 100).formatted(decimals: $0)) %" } ?? text
    }

    /// `aimed at 99.40 % or more`; nil without an aim.
    var aimText: String? {
      aim.map { "aimed at \(format.text(of: $0)) or \(greaterIsBetter ? "more" : "less")" }
    }

    public var description: String {
      let outcome = isReached.map { $0 ? "reached" : "not reached" }
      return "\(name) \(text)" + (aimText.map { ", \($0)" } ?? "") + (outcome.map { ": \($0)" } ?? "")
    }
  }
}

extension ResultPage.Figure.Format {
  func text(of value: Double) -> String {
    switch self {
    case .percent: value.percentage
    case .number: value.short
    case .count: value.formattedInThousands
    }
  }
}

extension Double {
  /// 0.9942 → "99.42 %"
  var percentage: String { isFinite ? "\((self * 100).formatted(decimals: 2)) %" : "\(self)" }

  /// About four digits: 0.0923, 3.142, 512.3, 20,640; tiny ones with an exponent.
  var short: String {
    guard isFinite else { return "\(self)" }
    switch magnitude {
    case 0: return "0"
    case 10_000...: return formattedInThousands
    case 100...: return formatted(decimals: 1)
    case 1...: return formatted(decimals: 3)
    case 0.001...: return formatted(decimals: 4)
    default:
      var (mantissa, exponent) = (self, 0)
      while mantissa.magnitude < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
      return "\(mantissa.formatted(decimals: 1))e\(exponent)"
    }
  }
}
