/// A named column of a table.
///
/// ```swift
/// let age = Column("age", numbers: [39, .nan, 53])
/// age.missingCount  // → 1
/// age.text(at: 0) ?? "none"  // → 39
/// Column("sex", categories: ["f", "m", "f"]).levels  // → ["f", "m"]
/// ```
public struct Column: Sendable {
  /// What a column holds, one element a row.
  public enum Values: Sendable {
    /// NaN where missing.
    case numbers([Double])
    /// Positions in `levels`; −1 where missing.
    case categories(codes: [Int], levels: [String])
    /// Seconds since 1970-01-01 00:00 UTC; NaN where missing.
    case dates([Double])
    /// nil where missing.
    case text([String?])
  }

  public var name: String
  public let values: Values

  public init(_ name: String, _ values: Values) {
    self.name = name
    self.values = values
  }

  /// NaN stands for a missing number.
  public init(_ name: String, numbers: [Double]) { self.init(name, .numbers(numbers)) }

  /// Names, nil where missing; their levels are the different ones in the order of their characters.
  public init(_ name: String, categories: [String?]) {
    let levels = Set(categories.compactMap(\.self)).sorted()
    let codes = Dictionary(uniqueKeysWithValues: zip(levels, levels.indices))
    self.init(name, .categories(codes: categories.map { $0.flatMap { codes[$0] } ?? -1 }, levels: levels))
  }

  public init(_ name: String, text: [String?]) { self.init(name, .text(text)) }

  /// Reads fields, nil where missing, as values of a kind.
  ///
  /// - Parameter report: Called for each field that is no such value, with its position; it counts as missing.
  init(_ name: String, fields: [String?], kind: ColumnKind, dateOrder: DateOrder, report: (Int) -> Void) {
    func numbers(_ parse: (String) -> Double?) -> [Double] {
      fields.enumerated().map { index, field in
        guard let field else { return .nan }
        if let number = parse(field) { return number }
        report(index)
        return .nan
      }
    }
    switch kind {
    case .number: self.init(name, .numbers(numbers(FieldNumber.parse)))
    case .date: self.init(name, .dates(numbers { CalendarTime.parse($0, order: dateOrder) }))
    case .category: self.init(name, categories: fields)
    case .text: self.init(name, text: fields)
    }
  }

  public var kind: ColumnKind {
    switch values {
    case .numbers: .number
    case .categories: .category
    case .dates: .date
    case .text: .text
    }
  }

  /// The number of rows.
  public var count: Int {
    switch values {
    case .numbers(let values), .dates(let values): values.count
    case .categories(let codes, _): codes.count
    case .text(let values): values.count
    }
  }

  /// Numbers, or times in seconds since 1970; NaN where missing. Empty for categories and text.
  public var numbers: [Double] {
    switch values {
    case .numbers(let values), .dates(let values): values
    default: []
    }
  }

  /// The names that categories have; empty for other kinds.
  public var levels: [String] { if case .categories(_, let levels) = values { levels } else { [] } }

  public func isMissing(at row: Int) -> Bool {
    switch values {
    case .numbers(let values), .dates(let values): values[row].isNaN
    case .categories(let codes, _): codes[row] < 0
    case .text(let values): values[row] == nil
    }
  }

  public var missingCount: Int { (0..<count).reduce(0) { $0 + (isMissing(at: $1) ? 1 : 0) } }

  /// The value at a row as text, dates as ISO 8601 has them; nil where missing.
  public func text(at row: Int) -> String? {
    if isMissing(at: row) { return nil }
    switch values {
    case .numbers(let values): return FieldNumber.text(values[row])
    case .categories(let codes, let levels): return levels[codes[row]]
    case .dates(let values): return CalendarTime(secondsSince1970: values[row]).description
    case .text(let values): return values[row]
    }
  }

  /// The texts of all rows; nil where missing.
  public var texts: [String?] { (0..<count).map(text) }

  /// The same values in another order, or some of them.
  func selecting(_ rows: [Int]) -> Column {
    switch values {
    case .numbers(let values): Column(name, .numbers(rows.map { values[$0] }))
    case .dates(let values): Column(name, .dates(rows.map { values[$0] }))
    case .categories(let codes, let levels): Column(name, .categories(codes: rows.map { codes[$0] }, levels: levels))
    case .text(let values): Column(name, .text(rows.map { values[$0] }))
    }
  }

  /// The same column as another kind, by way of its text: numbers as categories, for instance.
  ///
  /// - Throws: ``TableError/unusable(column:reason:)`` when a value has no place in that kind.
  ///
  /// ```swift
  /// try Column("zip", numbers: [8001, 8002]).converted(to: .category).levels  // → ["8001", "8002"]
  /// ```
  public func converted(to kind: ColumnKind, dateOrder: DateOrder = .yearMonthDay) throws(TableError) -> Column {
    if kind == self.kind { return self }
    var wrong: Int?
    let column = Column(name, fields: texts, kind: kind, dateOrder: dateOrder) { row in wrong = wrong ?? row }
    if let wrong { throw .unusable(column: name, reason: "holds \"\(text(at: wrong) ?? "")\", which is no \(kind)") }
    return column
  }
}
