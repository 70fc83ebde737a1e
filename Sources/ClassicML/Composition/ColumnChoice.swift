import Tables

/// Some of a table's columns.
public enum ColumnChoice: Sendable, Hashable, Codable, ExpressibleByArrayLiteral, ExpressibleByStringLiteral {
  /// Those of these names, in this order.
  case named([String])
  /// Those of this kind, in the table's order.
  case all(ColumnKind)

  public init(arrayLiteral names: String...) { self = .named(names) }
  public init(stringLiteral name: String) { self = .named([name]) }

  /// The names of a table's columns that are chosen.
  func names(in table: Table, for estimator: String) throws(EstimatorError) -> [String] {
    switch self {
    case .all(let kind):
      let names = table.columns.filter { $0.kind == kind }.map(\.name)
      if names.isEmpty {
        throw .input("x", of: estimator, expected: "a table with columns of the kind \(kind)", found: "\(table.names)")
      }
      return names
    case .named(let names):
      if names.isEmpty {
        throw .hyperparameter("columns", of: estimator, expected: "the name of a column or more", found: "none")
      }
      return names
    }
  }
}

extension Table {
  /// The columns of these names. Throws when one is not there, or not of the kind.
  func columns(_ names: [String], of kinds: Set<ColumnKind>, for estimator: String) throws(EstimatorError) -> [Column] {
    var columns: [Column] = []
    for name in names {
      guard let column = column(name) else {
        throw .input("x", of: estimator, expected: "a table with a column \"\(name)\"", found: "\(self.names)")
      }
      if !kinds.contains(column.kind) {
        let expected = kinds.map(\.rawValue).sorted().joined(separator: " or ")
        throw .input("x", of: estimator, expected: "a \(expected) in the column \"\(name)\"", found: "a \(column.kind)")
      }
      columns.append(column)
    }
    return columns
  }
}
