internal import SwiftSyntax

extension TokenSyntax {
  /// An identifier without its backticks.
  var name: String { text.hasPrefix("`") ? String(text.dropFirst().dropLast()) : text }
}

/// The identifiers that a pattern binds: `(a, .some(let b))` binds a and b.
private final class PatternIdentifiers: SyntaxVisitor {
  var tokens: [TokenSyntax] = []
  override func visit(_ node: IdentifierPatternSyntax) -> SyntaxVisitorContinueKind {
    tokens.append(node.identifier)
    return .skipChildren
  }
  override func visit(_ node: ClosureExprSyntax) -> SyntaxVisitorContinueKind { .skipChildren }
}

extension SyntaxProtocol {
  /// The identifiers that the patterns in this node bind.
  var boundTokens: [TokenSyntax] {
    let finder = PatternIdentifiers(viewMode: .sourceAccurate)
    finder.walk(self)
    return finder.tokens
  }

  var boundNames: [String] { boundTokens.map(\.name) }
}

extension ConditionElementSyntax {
  /// The identifiers that a condition binds for what follows it.
  var bindings: [TokenSyntax] {
    switch condition {
    case .optionalBinding(let binding): binding.pattern.boundTokens
    case .matchingPattern(let match): match.pattern.boundTokens
    default: []
    }
  }
}

extension GuardStmtSyntax {
  var bindings: [TokenSyntax] { conditions.flatMap(\.bindings) }
}

extension VariableDeclSyntax {
  var names: [String] { bindings.flatMap(\.pattern.boundNames) }
}

extension TopLevelItem {
  /// The variables that a statement declares for those that follow.
  var boundNames: [String] { variable?.names ?? guardStatement?.bindings.map(\.name) ?? [] }
}
