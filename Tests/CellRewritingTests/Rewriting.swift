import CellRewriting
import Testing

/// A notebook's first cells, which are taken to have run.
func scope(after cells: String...) -> NotebookScope {
  var scope = NotebookScope(libraries: ["CellSupport"])
  for (index, cell) in cells.enumerated() {
    scope.add(CellRewriter().rewrite(cell, number: index + 1, in: scope))
  }
  return scope
}

extension RewrittenCell {
  /// The lines of the cell itself.
  var lines: [Substring] {
    let all = source.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = all.firstIndex(where: { $0.hasPrefix("#sourceLocation(file") }),
      let end = all.firstIndex(of: "#sourceLocation()")
    else { return [] }
    return Array(all[(start + 1)..<end])
  }

  var body: String { lines.joined(separator: "\n") }

  var prologue: [Substring] { Array(source.split(separator: "\n").prefix { !$0.hasPrefix("#sourceLocation(") }) }

  /// What stands behind the cell's own lines.
  var epilogue: String {
    source.components(after: "#sourceLocation()\n")
  }
}

extension String {
  fileprivate func components(after mark: String) -> String {
    guard let range = firstRange(of: mark) else { return "" }
    return String(self[range.upperBound...])
  }
}

/// The lines of a cell, rewritten, without marks. `showing` is off by default: most tests are about other rules.
func rewritten(_ source: String, in scope: NotebookScope = scope(), showing: Bool = false) -> String {
  CellRewriter(marksStatements: false).rewrite(source, number: 9, in: scope, passesValues: showing).body
}
