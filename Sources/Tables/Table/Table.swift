import TensorCore

/// Columns of equal length, each with a name and values of one kind.
///
/// ```swift
/// let people = Table([Column("name", text: ["Ida", "Max", "Eva"]), Column("age", numbers: [39, .nan, 53])])
/// people.rowCount  // → 3
/// people.filtered { ($0.number("age") ?? 0) > 40 }["name"].texts == ["Eva"]  // → true
/// people.selecting(["age"]).names  // → ["age"]
/// ```
public struct Table: Sendable {
  public let columns: [Column]
  public let rowCount: Int
  private let positions: [String: Int]

  /// Stops when the columns differ in length, or two have one name.
  public init(_ columns: [Column]) {
    let count = columns.first?.count ?? 0
    if let other = columns.first(where: { $0.count != count }) {
      stop(
        "Table", "\"\(other.name)\" has \(other.count) rows, and \"\(columns[0].name)\" has \(count)",
        fix: "give all columns the same number of rows")
    }
    self.columns = columns
    rowCount = count
    positions = Dictionary(columns.enumerated().map { ($1.name, $0) }) { first, _ in first }
    if positions.count < columns.count {
      stop("Table", "two of the columns \(columns.map(\.name)) have one name", fix: "rename one of them")
    }
  }

  public var names: [String] { columns.map(\.name) }

  /// What each column holds, in the columns' order.
  public var kinds: [ColumnKind] { columns.map(\.kind) }

  /// The column of a name; nil when there is none.
  public func column(_ name: String) -> Column? { positions[name].map { columns[$0] } }

  /// The column of a name. Stops when there is none.
  public subscript(name: String) -> Column {
    guard let column = column(name) else {
      stop("Table", "there is no column \"\(name)\"", fix: "use one of \(names)")
    }
    return column
  }

  // MARK: - Columns

  /// The table with these columns alone, in this order. Stops when one is not there.
  public func selecting(_ names: [String]) -> Table { Table(names.map { self[$0] }) }

  /// The table without these columns. Stops when one is not there.
  public func dropping(_ names: [String]) -> Table {
    for name in names { _ = self[name] }
    return Table(columns.filter { !names.contains($0.name) })
  }

  /// The table with a column more, or another one in the place of that with its name.
  public func setting(_ column: Column) -> Table {
    var columns = columns
    if let position = positions[column.name] { columns[position] = column } else { columns.append(column) }
    return Table(columns)
  }

  /// The table with a column as another kind.
  ///
  /// - Throws: ``TableError`` when there is no such column, or a value has no place in that kind.
  public func converting(_ name: String, to kind: ColumnKind) throws(TableError) -> Table {
    guard let column = column(name) else { throw .missingColumn(name, present: names) }
    return setting(try column.converted(to: kind))
  }

  // MARK: - Rows

  /// The rows at these positions, in this order. Stops when one is outside.
  public func rows(at positions: [Int]) -> Table {
    if let wrong = positions.first(where: { !(0..<rowCount).contains($0) }) {
      stop("Table", "row \(wrong) is outside a table of \(rowCount)", fix: "use positions in 0..<\(rowCount)")
    }
    return Table(columns.map { $0.selecting(positions) })
  }

  /// The first rows.
  public func first(_ count: Int) -> Table { rows(at: Array(0..<max(0, min(count, rowCount)))) }

  /// The rows for which `isIncluded` says so.
  public func filtered(_ isIncluded: (Row) throws -> Bool) rethrows -> Table {
    rows(at: try (0..<rowCount).filter { try isIncluded(Row(table: self, position: $0)) })
  }

  /// The rows of this table and then those of another with the same columns.
  ///
  /// - Throws: ``TableError`` when a column is not in both, or is of another kind in the other.
  public func appending(_ other: Table) throws(TableError) -> Table {
    var joined: [Column] = []
    for column in columns {
      guard let more = other.column(column.name) else { throw .missingColumn(column.name, present: other.names) }
      if column.kind != more.kind {
        throw .unusable(column: column.name, reason: "holds a \(column.kind) here and a \(more.kind) there")
      }
      switch column.values {
      case .numbers(let values): joined.append(Column(column.name, .numbers(values + more.numbers)))
      case .dates(let values): joined.append(Column(column.name, .dates(values + more.numbers)))
      case .categories: joined.append(Column(column.name, categories: column.texts + more.texts))
      case .text(let values): joined.append(Column(column.name, text: values + more.texts))
      }
    }
    if let extra = other.names.first(where: { column($0) == nil }) { throw .missingColumn(extra, present: names) }
    return Table(joined)
  }

  /// One row of a table.
  public struct Row: Sendable {
    public let table: Table
    public let position: Int

    /// The number, or the time in seconds since 1970, in a column; nil where missing or of another kind. Stops when there is no such column.
    public func number(_ name: String) -> Double? {
      let column = table[name]
      guard column.kind == .number || column.kind == .date, !column.isMissing(at: position) else { return nil }
      return column.numbers[position]
    }

    /// The text of any column's value; nil where missing. Stops when there is no such column.
    public func text(_ name: String) -> String? { table[name].text(at: position) }
  }
}
