internal import SwiftSyntax

/// The names that functions, closures and types mention: what those stand for may be asked for long after the cell has run. Arguments that
/// are turned into closures (`@autoclosure`) cannot be told from others and are not among them.
final class BodyNames: SyntaxVisitor {
  private var names: Set<String> = []
  private var depth = 0

  static func find(in node: some SyntaxProtocol) -> Set<String> {
    let finder = BodyNames(viewMode: .sourceAccurate)
    finder.walk(node)
    return finder.names
  }

  override func visit(_ node: FunctionDeclSyntax) -> SyntaxVisitorContinueKind { enter() }
  override func visitPost(_ node: FunctionDeclSyntax) { depth -= 1 }
  override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind { enter() }
  override func visitPost(_ node: ClosureExprSyntax) { depth -= 1 }
  override func visit(_ node: MemberBlockSyntax) -> SyntaxVisitorContinueKind { enter() }
  override func visitPost(_ node: MemberBlockSyntax) { depth -= 1 }
  override func visit(_ node: AccessorBlockSyntax) -> SyntaxVisitorContinueKind { enter() }
  override func visitPost(_ node: AccessorBlockSyntax) { depth -= 1 }
  override func visit(_ node: MacroExpansionExprSyntax) -> SyntaxVisitorContinueKind { enter() }
  override func visitPost(_ node: MacroExpansionExprSyntax) { depth -= 1 }

  private func enter() -> SyntaxVisitorContinueKind {
    depth += 1
    return .visitChildren
  }

  override func visit(_ node: DeclReferenceExprSyntax) -> SyntaxVisitorContinueKind { add(node.baseName) }
  override func visit(_ node: IdentifierTypeSyntax) -> SyntaxVisitorContinueKind { add(node.name) }
  override func visit(_ node: ClosureCaptureSyntax) -> SyntaxVisitorContinueKind { add(node.name) }
  override func visit(_ node: OptionalBindingConditionSyntax) -> SyntaxVisitorContinueKind {
    for token in node.pattern.boundTokens where node.initializer == nil { _ = add(token) }
    return .visitChildren
  }

  private func add(_ token: TokenSyntax) -> SyntaxVisitorContinueKind {
    if depth > 0 { names.insert(token.name) }
    return .visitChildren
  }
}
