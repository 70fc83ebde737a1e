internal import SwiftSyntax

/// Each statement that may stop the cell says that it is reached, so that the cell's end can be told by the place where it came. The first
/// need not.
enum Marks {
  static func edit(_ cell: ParsedCell, _ runtime: RuntimeNames, _ edits: inout EditList) {
    for (index, item) in cell.items.enumerated() where index > 0 && mayStop(item) {
      edits.insert("\(runtime.reach)(\(index)); ", before: item.syntax)
    }
  }

  /// A variable with a comment of documentation would lose it to the call: it counts as part of the statement before.
  private static func mayStop(_ item: TopLevelItem) -> Bool {
    guard item.declaration != nil else { return true }
    guard let variable = item.variable, variable.bindings.contains(where: { $0.initializer != nil }) else {
      return false
    }
    return !variable.leadingTrivia.contains { piece in
      switch piece {
      case .docLineComment, .docBlockComment: true
      default: false
      }
    }
  }
}
