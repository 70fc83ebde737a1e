internal import SwiftSyntax

/// What `guard let x` binds cannot be public: it gets another name, and a public constant gets its value.
enum GuardBindings {
  static let prefix = "__guarded_"

  static func edit(_ cell: ParsedCell, _ scope: NotebookScope, _ edits: inout EditList) {
    for item in cell.items {
      if let guarding = item.guardStatement { edit(guarding, scope, &edits) }
    }
  }

  private static func edit(_ guarding: GuardStmtSyntax, _ scope: NotebookScope, _ edits: inout EditList) {
    var bound: Set<String> = []
    for element in guarding.conditions {
      for reference in FreeReferences.find(bound, in: element) {
        switch reference.place {
        case .expression(let expression): rename(expression.baseName, &edits)
        case .binding(let binding): edits.insert(" = \(prefix)\(reference.name)", after: binding)
        case .capture(let capture): edits.insert(" = \(prefix)\(reference.name)", after: capture.name)
        }
      }
      for token in element.bindings {
        // `guard let x` is short for `guard let x = x`; EarlierNames completes it if the right one is an earlier cell's.
        if case .optionalBinding(let binding) = element.condition, binding.initializer == nil,
          !bound.contains(token.name), scope.module(declaring: token.name) == nil
        {
          edits.insert(" = \(token.text)", after: binding)
        }
        rename(token, &edits)
      }
      bound.formUnion(element.bindings.map(\.name))
    }
    let constants = guarding.bindings.map { "; public let \($0.text) = \(prefix)\($0.name)" }
    if !constants.isEmpty { edits.insert(constants.joined(), after: guarding) }
  }

  private static func rename(_ token: TokenSyntax, _ edits: inout EditList) {
    if token.text == token.name {
      edits.insert(prefix, before: token)
    } else {
      edits.replace(token, with: prefix + token.name)
    }
  }
}
