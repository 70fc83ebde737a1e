internal import SwiftSyntax

/// The value of a cell's last expression is shown, unless a semicolon follows it.
enum LastExpression {
  static func edit(_ cell: ParsedCell, _ runtime: RuntimeNames, _ edits: inout EditList) -> Bool {
    guard let expression = expression(of: cell) else { return false }
    edits.wrap(expression, "\(runtime.show)(", ")")
    return true
  }

  private static func expression(of cell: ParsedCell) -> ExprSyntax? {
    guard let item = cell.tree.statements.last, item.semicolon == nil, case .expr(let expression) = item.item else {
      return nil
    }
    // `if` and `switch` are statements here, and an assignment is no argument.
    if expression.is(IfExprSyntax.self) || expression.is(SwitchExprSyntax.self) { return nil }
    let parts = expression.as(SequenceExprSyntax.self)?.elements
    if parts?.contains(where: { $0.is(AssignmentExprSyntax.self) }) == true { return nil }
    return expression
  }
}
