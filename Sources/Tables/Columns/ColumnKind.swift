/// What a column holds.
public enum ColumnKind: String, Sendable, Hashable, Codable, CustomStringConvertible {
  /// Finite numbers.
  case number
  /// One of a few names.
  case category
  /// A day, or a time of a day.
  case date
  /// Anything else.
  case text

  public var description: String { rawValue }

  /// The kind that fields of a file seem to be: numbers if all are finite decimal numbers, dates if all are dates, categories if there are
  /// at most 20 different ones, or at most 1,000 that come twice each on average; else text. Missing ones (nil) do not count, and fields
  /// that are all missing count as numbers.
  ///
  /// ```swift
  /// ColumnKind.inferred(from: ["1", nil, "2.5e3"])  // → number
  /// ColumnKind.inferred(from: ["2024-02-29", "2024-03-01"])  // → date
  /// ColumnKind.inferred(from: ["yes", "no", "yes"])  // → category
  /// ```
  public static func inferred(from fields: [String?], dateOrder: DateOrder = .yearMonthDay) -> ColumnKind {
    if fields.allSatisfy({ $0.map { FieldNumber.parse($0) != nil } ?? true }) { return .number }
    if fields.allSatisfy({ $0.map { CalendarTime.parse($0, order: dateOrder) != nil } ?? true }) { return .date }
    var levels: Set<String> = []
    var present = 0
    for case let field? in fields {
      present += 1
      // A set of more than this cannot become categories.
      if levels.count <= 1000 { levels.insert(field) }
    }
    return levels.count <= 20 || (levels.count <= 1000 && 2 * levels.count <= present) ? .category : .text
  }
}

/// Numbers as fields hold them.
enum FieldNumber {
  /// A finite decimal number, with an exponent perhaps; nil for anything else, hexadecimal numbers and `inf` among it.
  static func parse(_ field: String) -> Double? {
    let isDecimal = field.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "e"), UInt8(ascii: "E"):
        true
      default: false
      }
    }
    guard isDecimal, let number = Double(field), number.isFinite else { return nil }
    return number
  }

  /// The shortest text that gives the number back, whole ones without a point.
  static func text(_ number: Double) -> String {
    abs(number) < 1e15 && number.rounded() == number ? "\(Int(number))" : "\(number)"
  }
}
