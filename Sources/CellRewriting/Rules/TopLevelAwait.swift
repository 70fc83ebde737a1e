internal import SwiftSyntax

/// `await` at the top: a closure awaits, and the cell's thread waits for it. A `main` that is itself asynchronous would wait for the
/// process' main thread, which is the host's. The waiting function passes on the type that the closure throws.
enum TopLevelAwait {
  static func edit(_ cell: ParsedCell, _ runtime: RuntimeNames, _ edits: inout EditList) {
    for item in cell.items { edit(item.syntax, runtime, &edits) }
  }

  private static func edit(_ item: CodeBlockItemSyntax, _ runtime: RuntimeNames, _ edits: inout EditList) {
    switch item.item {
    case .decl(let declaration):
      guard let variable = declaration.as(VariableDeclSyntax.self), !variable.modifiers.has(.async) else { return }
      for binding in variable.bindings {
        if let value = binding.initializer?.value { waitFor(value, runtime, &edits) }
      }
    case .stmt(let statement): edit(statement, runtime, &edits)
    case .expr(let expression):
      let isControl = expression.is(IfExprSyntax.self) || expression.is(SwitchExprSyntax.self)
      waitFor(expression, runtime, isStatement: isControl, &edits)
    @unknown default: return
    }
  }

  private static func edit(_ statement: StmtSyntax, _ runtime: RuntimeNames, _ edits: inout EditList) {
    if let guarding = statement.as(GuardStmtSyntax.self) {
      // What it binds must stay outside of a closure, and its body must be seen to leave.
      for condition in guarding.conditions {
        switch condition.condition {
        case .optionalBinding(let binding):
          if let value = binding.initializer?.value { waitFor(value, runtime, &edits) }
        case .matchingPattern(let match): waitFor(match.initializer.value, runtime, &edits)
        case .expression(let expression): waitFor(expression, runtime, &edits)
        default: break
        }
      }
      for item in guarding.body.statements { edit(item, runtime, &edits) }
    } else if let throwing = statement.as(ThrowStmtSyntax.self) {
      waitFor(throwing.expression, runtime, &edits)
    } else {
      waitFor(statement, runtime, isStatement: true, &edits)
    }
  }

  private static func waitFor(
    _ node: some SyntaxProtocol, _ runtime: RuntimeNames, isStatement: Bool = false, _ edits: inout EditList
  ) {
    let effects = Effects.of(node)
    guard effects.awaits else { return }
    // With a second statement, `if` and `switch` are no expressions whose value the closure would return.
    edits.wrap(node, "\(effects.throwing ? "try " : "")\(runtime.wait)({ ", isStatement ? "; return })" : " })")
  }
}
