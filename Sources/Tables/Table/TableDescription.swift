import NotebookDisplay

/// What the columns of a table hold, in numbers.
///
/// ```swift
/// let table = Table([Column("age", numbers: [1, 2, .nan, 6]), Column("sex", categories: ["f", "m", "f", "f"])])
/// let description = table.describe()
/// description["age"]?.mean == 3  // → true
/// description["age"]?.missing == 1  // → true
/// description["sex"]?.mostFrequent == "f"  // → true
/// ```
public struct TableDescription: Sendable {
  public struct Column: Sendable, Hashable {
    public let name: String
    public let kind: ColumnKind
    /// The rows that have a value, and those that have none.
    public let count: Int
    public let missing: Int
    /// The number of different values.
    public let distinct: Int
    /// For numbers: Σx/n.
    public var mean: Double?
    /// For numbers: √(Σ(x − mean)²/(n − 1)), the sample's; nil for fewer than two.
    public var standardDeviation: Double?
    /// For numbers, and for dates in seconds since 1970: least, quarters, greatest (``quantile(_:ofSorted:)``).
    public var quartiles: [Double] = []
    /// For categories and text: the value that comes most often, of several the first in the order of characters, and how often.
    public var mostFrequent: String?
    public var mostFrequentCount: Int?
  }

  public let columns: [Column]

  public subscript(name: String) -> Column? { columns.first { $0.name == name } }
}

extension Table {
  /// Counts, missing values, means, quartiles and levels of every column.
  public func describe() -> TableDescription { TableDescription(columns: columns.map(\.described)) }
}

extension Column {
  fileprivate var described: TableDescription.Column {
    let missing = missingCount
    switch values {
    case .numbers(let all), .dates(let all):
      let sorted = all.filter { !$0.isNaN }.sorted()
      let distinct = zip(sorted, sorted.dropFirst()).reduce(sorted.isEmpty ? 0 : 1) { $0 + ($1.0 == $1.1 ? 0 : 1) }
      var described = TableDescription.Column(
        name: name, kind: kind, count: sorted.count, missing: missing, distinct: distinct)
      if sorted.isEmpty { return described }
      described.quartiles = [0, 0.25, 0.5, 0.75, 1].map { quantile($0, ofSorted: sorted) }
      if kind == .date { return described }
      let mean = sorted.reduce(0, +) / Double(sorted.count)
      described.mean = mean
      if sorted.count > 1 {
        let squares = sorted.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        described.standardDeviation = (squares / Double(sorted.count - 1)).squareRoot()
      }
      return described
    case .categories, .text:
      var counts: [String: Int] = [:]
      for case let text? in texts { counts[text, default: 0] += 1 }
      var described = TableDescription.Column(
        name: name, kind: kind, count: count - missing, missing: missing, distinct: counts.count)
      let first = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
      described.mostFrequent = first?.key
      described.mostFrequentCount = first?.value
      return described
    }
  }
}

extension TableDescription: CustomStringConvertible, NotebookDisplayable {
  private var grid: TextGrid {
    func number(_ value: Double?, _ kind: ColumnKind) -> String {
      guard let value else { return "" }
      return kind == .date ? CalendarTime(secondsSince1970: value).description : value.shortened
    }
    let rows = columns.map { column in
      [
        column.name, "\(column.kind)", "\(column.count)", "\(column.missing)", "\(column.distinct)",
        number(column.mean, column.kind), number(column.standardDeviation, column.kind),
      ] + (0..<5).map { number(column.quartiles.isEmpty ? nil : column.quartiles[$0], column.kind) }
        + [column.mostFrequent ?? "", column.mostFrequentCount.map { "\($0)" } ?? ""]
    }
    return TextGrid(
      header: [
        "column", "kind", "count", "missing", "distinct", "mean", "std", "min", "25 %", "50 %", "75 %", "max",
        "most frequent", "times",
      ], rows: rows, leftAligned: [0, 1, 12])
  }

  public var description: String { grid.text }
  public var notebookDisplay: MimeBundle { MimeBundle(text: description, ["text/html": .text(grid.html)]) }
}

extension Double {
  /// Six significant digits.
  var shortened: String {
    if self == 0 || !isFinite { return FieldNumber.text(self) }
    var scale = 1.0
    while abs(self) * scale < 100_000 && scale < 1e9 { scale *= 10 }
    return FieldNumber.text((self * scale).rounded() / scale)
  }
}
