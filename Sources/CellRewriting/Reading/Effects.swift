internal import SwiftSyntax

/// Whether code awaits or throws, closures and declarations inside it aside: those do so when they are called.
final class Effects: SyntaxVisitor {
  private(set) var awaits = false
  private(set) var throwing = false
  /// How many `do … catch` that let no error through are around what is visited.
  private var catchers = 0

  static func of(_ node: some SyntaxProtocol) -> (awaits: Bool, throwing: Bool) {
    let effects = Effects(viewMode: .sourceAccurate)
    effects.walk(node)
    return (effects.awaits, effects.throwing)
  }

  override func visit(_ node: AwaitExprSyntax) -> SyntaxVisitorContinueKind {
    awaits = true
    return .visitChildren
  }

  override func visit(_ node: TryExprSyntax) -> SyntaxVisitorContinueKind {
    if node.questionOrExclamationMark == nil { addThrow() }
    return .visitChildren
  }

  override func visit(_ node: ThrowStmtSyntax) -> SyntaxVisitorContinueKind {
    addThrow()
    return .visitChildren
  }

  override func visit(_ node: ForStmtSyntax) -> SyntaxVisitorContinueKind {
    if node.awaitKeyword != nil { awaits = true }
    if node.tryKeyword != nil { addThrow() }
    return .visitChildren
  }

  override func visit(_ node: VariableDeclSyntax) -> SyntaxVisitorContinueKind {
    if node.modifiers.has(.async) { awaits = true }
    return .visitChildren
  }

  override func visit(_ node: DoStmtSyntax) -> SyntaxVisitorContinueKind {
    let catchesAll = node.catchClauses.contains { $0.catchItems.isEmpty }
    if catchesAll { catchers += 1 }
    walk(node.body)
    if catchesAll { catchers -= 1 }
    walk(node.catchClauses)
    return .skipChildren
  }

  override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  override func visit(_ node: MemberBlockSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
  override func visit(_ node: AccessorBlockSyntax) -> SyntaxVisitorContinueKind { .skipChildren }

  private func addThrow() { if catchers == 0 { throwing = true } }
}
