/// The module that stands for a cell that stopped half way: it re-exports the cell, and declares the names whose statements were not
/// completed once more, as ones that must not be used. It is compiled with `-parse-as-library` and imported, and
/// nothing in it ever runs.
package struct StoppedCell: Sendable, Equatable {
  package let module: String
  package let source: String
  package let names: [String]

  /// `nil` if all names of the cell have values.
  ///
  /// - Parameter statement: the index of the one at the top that did not end.
  init?(_ cell: RewrittenCell, in statement: Int) {
    let unset = cell.declarations.variables.filter { $0.setBy >= statement }
    guard !unset.isEmpty else { return nil }
    module = "\(cell.module)_stopped"
    names = unset.map(\.name)
    let declarations = unset.map { variable in
      // The initial value gives a variable its type and is never evaluated.
      let accessors = variable.isConstant ? "{ fatalError() }" : "{ get { fatalError() } set {} }"
      let value = variable.type.map { ": \($0) \(accessors)" } ?? " = \(cell.module).`\(variable.name)`"
      let introducer = variable.type != nil || !variable.isConstant ? "var" : "let"
      return """
        @available(*, unavailable, message: "cell [\(cell.number)] stopped before it set `\(variable.name)`")
        public \(introducer) `\(variable.name)`\(value)
        """.under(variable.condition)
    }
    source = (["@_exported import \(cell.module)"] + declarations).joined(separator: "\n") + "\n"
  }
}
