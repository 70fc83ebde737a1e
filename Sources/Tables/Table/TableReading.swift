import Foundation

/// A table that was read from a file, and what became of the file's rows.
public struct TableReading: Sendable, CustomStringConvertible {
  public let table: Table
  /// The file, as messages name it.
  public let file: String
  /// The line of the file on which each of the table's rows begins, from 1.
  public let lines: [Int]
  /// The rows that could not be read, in the file's order.
  public let skipped: [BadRow]
  /// Whether a name in the header is a number: then the first row may hold values, and the file have no header.
  public let hasNumbersAsNames: Bool

  public var description: String {
    var lines = ["\(file): \(table.rowCount) rows of \(table.columns.count) columns, \(skipped.count) skipped."]
    lines += skipped.prefix(5).map { "  \($0)" }
    if skipped.count > 5 { lines.append("  … and \(skipped.count - 5) more.") }
    if hasNumbersAsNames { lines.append("  Names of columns are numbers: if the file has no header, give the names.") }
    return lines.joined(separator: "\n")
  }
}

extension Table {
  /// Reads a file of separated values.
  ///
  /// - Parameters:
  ///   - kinds: What columns hold, by name; the others' kinds are inferred (``ColumnKind/inferred(from:dateOrder:)``). A field that is
  ///     neither of its column's kind nor missing makes a bad row.
  /// - Throws: ``TableError``: the file cannot be read, has no rows, or no header; it has a bad row, and the format does not skip those.
  ///
  /// ```swift
  /// func people() throws -> Table {
  ///   let reading = try Table.read(
  ///     URL(filePath: "people.csv"), format: CSVFormat(badRows: .skip), kinds: ["zip": .category])
  ///   print(reading)  // How many rows, and what was skipped where.
  ///   return reading.table
  /// }
  /// ```
  public static func read(
    _ url: URL, format: CSVFormat = CSVFormat(), kinds: [String: ColumnKind] = [:]
  ) throws(TableError) -> TableReading {
    try read(CSVReader(url, format: format), format, kinds)
  }

  /// Reads text that is in memory already; `file` stands for it in messages.
  ///
  /// ```swift
  /// let reading = try Table.read(csv: "day,price\n2024-01-01,3\n2024-01-02,?\n")
  /// reading.table.kinds  // → [date, number]
  /// reading.table["price"].missingCount  // → 1
  /// ```
  public static func read(
    csv: String, file: String = "CSV", format: CSVFormat = CSVFormat(), kinds: [String: ColumnKind] = [:]
  ) throws(TableError) -> TableReading {
    try read(CSVReader(Array(csv.utf8), file: file, format: format), format, kinds)
  }

  private static func read(
    _ start: CSVReader, _ format: CSVFormat, _ kinds: [String: ColumnKind]
  ) throws(TableError) -> TableReading {
    var reader = start
    let names = try header(&reader, format)
    if let error = TableError.missing(kinds.keys.sorted(), in: names) { throw error }
    var skipped: [BadRow] = []
    func refuse(_ row: BadRow) throws(TableError) {
      if format.badRows == .refuse { throw .badRow(row) }
      skipped.append(row)
    }

    var fields = [[String?]](repeating: [], count: names.count)
    var lines: [Int] = []
    while true {
      do throws(TableError) {
        guard let row = try reader.next() else { break }
        if row.fields.count != names.count {
          let problem = BadRow.Problem.fieldCount(expected: names.count, found: row.fields.count)
          throw .badRow(BadRow(file: reader.file, line: row.line, problem: problem))
        }
        for (index, field) in row.fields.enumerated() {
          fields[index].append(format.missingMarks.contains(field) ? nil : field)
        }
        lines.append(row.line)
      } catch .badRow(let row) {
        try refuse(row)
      }
    }

    var columns: [Column] = []
    var wrong: [Int: BadRow] = [:]
    for (name, fields) in zip(names, fields) {
      let kind = kinds[name] ?? .inferred(from: fields, dateOrder: format.dateOrder)
      columns.append(
        Column(name, fields: fields, kind: kind, dateOrder: format.dateOrder) { row in
          let problem = BadRow.Problem.value(column: name, expected: kind, found: fields[row] ?? "")
          if wrong[row] == nil { wrong[row] = BadRow(file: reader.file, line: lines[row], problem: problem) }
        })
    }
    for (_, row) in wrong.sorted(by: { $0.key < $1.key }) { try refuse(row) }
    let all = Table(columns)
    let kept = (0..<all.rowCount).filter { wrong[$0] == nil }
    let table = wrong.isEmpty ? all : all.rows(at: kept)
    if table.rowCount == 0 && skipped.isEmpty { throw .empty(file: reader.file) }
    return TableReading(
      table: table, file: reader.file, lines: kept.map { lines[$0] }, skipped: skipped.sorted { $0.line < $1.line },
      hasNumbersAsNames: format.header == .firstRow && names.contains { FieldNumber.parse($0) != nil })
  }

  /// The columns' names; takes the row that they stand in.
  private static func header(_ reader: inout CSVReader, _ format: CSVFormat) throws(TableError) -> [String] {
    var names: [String]
    var line = 1
    switch format.header {
    case .names(let given): names = given
    case .firstRow, .replaced:
      guard let row = try reader.next() else { throw .empty(file: reader.file) }
      names = row.fields
      line = row.line
      if case .replaced(let given) = format.header { names = given }
    }
    for index in names.indices where names[index].isEmpty { names[index] = "column\(index + 1)" }
    if let twice = Dictionary(grouping: names, by: \.self).filter({ $1.count > 1 }).keys.sorted().first {
      throw .header(
        file: reader.file, line: line,
        problem: "two columns are named \"\(twice)\"; give names by `header: .names` if the file has no header, "
          + "else by `header: .replaced`")
    }
    return names
  }
}
