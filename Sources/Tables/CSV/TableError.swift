/// Why a table could not be read or prepared.
///
/// ```swift
/// let row = BadRow(file: "people.csv", line: 17, problem: .fieldCount(expected: 3, found: 2))
/// TableError.badRow(row)  // → people.csv:17: expected 3 fields, found 2.
/// ```
public enum TableError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The system could not give the file; `reason` is its own word.
  case unreadable(file: String, reason: String)
  /// The file is in another encoding than any that is read.
  case encoding(file: String, found: String)
  /// The file has no row, or none but its header.
  case empty(file: String)
  /// The names of the columns are no such; `problem` says why.
  case header(file: String, line: Int, problem: String)
  /// A row that cannot be read.
  case badRow(BadRow)
  /// A table lacks a column.
  case missingColumn(String, present: [String])
  /// A table lacks several columns.
  case missingColumns([String], present: [String])
  /// A column does not hold what it is to be used for.
  case unusable(column: String, reason: String)

  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "Cannot read \(file): \(reason)."
    case .encoding(let file, let found): "\(file): expected UTF-8 or Latin-1, found \(found)."
    case .empty(let file): "\(file): expected rows of values, found none."
    case .header(let file, let line, let problem): "\(file):\(line): \(problem)."
    case .badRow(let row): row.description
    case .missingColumn(let name, let present): "There is no column \"\(name)\"; there are \(Self.list(present))."
    case .missingColumns(let names, let present):
      "There are no columns \(Self.list(names)); there are \(Self.list(present))."
    case .unusable(let column, let reason): "The column \"\(column)\" \(reason)."
    }
  }

  private static func list(_ names: [String]) -> String { names.map { "\"\($0)\"" }.joined(separator: ", ") }

  /// For columns of which some are not there; nil if all are.
  static func missing(_ wanted: [String], in present: [String]) -> TableError? {
    let known = Set(present)
    let missing = wanted.filter { !known.contains($0) }
    if missing.count > 1 { return .missingColumns(missing, present: present) }
    return missing.first.map { .missingColumn($0, present: present) }
  }
}

/// A row of a file that cannot be read, and why.
public struct BadRow: Sendable, Hashable, CustomStringConvertible {
  public enum Problem: Sendable, Hashable {
    /// It has too few fields, or too many.
    case fieldCount(expected: Int, found: Int)
    /// A quoted field in it does not end.
    case unclosedQuote
    /// Something stands between the end of a quoted field and the next separator.
    case textAfterQuote
    /// The byte at this position of the file begins no character in UTF-8.
    case encoding(offset: Int)
    /// A field is not what its column holds.
    case value(column: String, expected: ColumnKind, found: String)
  }

  public let file: String
  /// The line on which the row begins, from 1.
  public let line: Int
  public let problem: Problem

  public init(file: String, line: Int, problem: Problem) {
    self.file = file
    self.line = line
    self.problem = problem
  }

  public var description: String {
    let words =
      switch problem {
      case .fieldCount(let expected, let found): "expected \(expected) fields, found \(found)"
      case .unclosedQuote: "a quoted field does not end"
      case .textAfterQuote: "expected a separator or the line's end after a quoted field, found other text"
      case .encoding(let offset): "expected UTF-8, found other bytes at offset \(offset)"
      case .value(let column, let expected, let found):
        "expected a \(expected) in the column \"\(column)\", found \"\(found.prefix(100))\""
      }
    return "\(file):\(line): \(words)."
  }
}
