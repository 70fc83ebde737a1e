internal import SwiftSyntax

/// Finds where a node means one of some outer names: not members, arguments' labels or names that the node itself binds.
final class FreeReferences: SyntaxVisitor {
  /// How a name is written down decides what may be put in its place.
  enum Place {
    /// `x`
    case expression(DeclReferenceExprSyntax)
    /// `if let x`
    case binding(OptionalBindingConditionSyntax)
    /// `{ [x] in … }`
    case capture(ClosureCaptureSyntax)
  }

  private(set) var places: [(name: String, place: Place, inClosure: Bool)] = []
  private let names: Set<String>
  private let root: Syntax

  static func find(_ names: Set<String>, in node: some SyntaxProtocol) -> [(
    name: String, place: Place, inClosure: Bool
  )] {
    let finder = FreeReferences(names, in: Syntax(node))
    finder.walk(node)
    return finder.places
  }

  private init(_ names: Set<String>, in root: Syntax) {
    self.names = names
    self.root = root
    super.init(viewMode: .sourceAccurate)
  }

  override func visit(_ node: DeclReferenceExprSyntax) -> SyntaxVisitorContinueKind {
    let isMember =
      node.parent?.as(MemberAccessExprSyntax.self)?.declName.id == node.id
      || node.parent?.is(KeyPathPropertyComponentSyntax.self) == true
    if !isMember { add(node.baseName, .expression(node), node) }
    return .visitChildren
  }

  override func visit(_ node: OptionalBindingConditionSyntax) -> SyntaxVisitorContinueKind {
    if node.initializer == nil, let pattern = node.pattern.as(IdentifierPatternSyntax.self) {
      add(pattern.identifier, .binding(node), node)
    }
    return .visitChildren
  }

  override func visit(_ node: ClosureCaptureSyntax) -> SyntaxVisitorContinueKind {
    if node.initializer == nil { add(node.name, .capture(node), node) }
    return .visitChildren
  }

  private func add(_ token: TokenSyntax, _ place: Place, _ node: some SyntaxProtocol) {
    guard names.contains(token.name) else { return }
    var inClosure = false
    var child = Syntax(node)
    while child.id != root.id, let scope = child.parent {
      if Scope(scope).binds(token.name, for: child) { return }
      if scope.is(ClosureExprSyntax.self) || scope.is(FunctionDeclSyntax.self) || scope.is(MemberBlockSyntax.self) {
        inClosure = true
      }
      child = scope
    }
    places.append((token.name, place, inClosure))
  }
}

/// A node that may bind names for some of its children.
private struct Scope {
  let node: Syntax
  init(_ node: Syntax) { self.node = node }

  func binds(_ name: String, for child: Syntax) -> Bool { names(for: child).contains(name) }

  private func names(for child: Syntax) -> [String] {
    switch node.as(SyntaxEnum.self) {
    case .closureExpr(let closure): closure.signature?.id == child.id ? [] : closure.signature?.names ?? []
    case .functionDecl(let function): function.signature.parameterClause.names
    case .initializerDecl(let initializer): initializer.signature.parameterClause.names
    case .subscriptDecl(let subscripting): subscripting.parameterClause.names
    case .accessorDecl(let accessor): accessor.parameters.map { [$0.name.name] } ?? ["newValue", "oldValue"]
    case .codeBlockItemList(let items): names(declaredIn: items, before: child)
    case .memberBlockItemList(let members): members.flatMap { $0.decl.declaredNames }
    case .forStmt(let loop): child.id == loop.sequence.id ? [] : loop.pattern.boundNames
    case .ifExpr(let choice) where child.id == choice.body.id: choice.conditions.flatMap(\.bindings).map(\.name)
    case .whileStmt(let loop) where child.id == loop.body.id: loop.conditions.flatMap(\.bindings).map(\.name)
    case .conditionElementList(let conditions):
      conditions.prefix { $0.id != child.id }.flatMap(\.bindings).map(\.name)
    case .switchCase(let option): option.label.boundNames
    case .catchClause(let clause): clause.catchItems.isEmpty ? ["error"] : clause.catchItems.boundNames
    default: []
    }
  }

  /// Variables are seen after their declaration, functions and types everywhere in their block.
  private func names(declaredIn items: CodeBlockItemListSyntax, before child: Syntax) -> [String] {
    items.flatMap { item -> [String] in
      let isEarlier = item.position < child.position
      switch item.item {
      case .decl(let declaration) where isEarlier || !declaration.is(VariableDeclSyntax.self):
        return declaration.declaredNames
      case .stmt(let statement) where isEarlier:
        return statement.as(GuardStmtSyntax.self)?.bindings.map(\.name) ?? []
      default: return []
      }
    }
  }
}

extension FunctionParameterClauseSyntax {
  fileprivate var names: [String] { parameters.map { ($0.secondName ?? $0.firstName).name } }
}

extension ClosureSignatureSyntax {
  fileprivate var names: [String] {
    let captures = capture?.items.map(\.name.name) ?? []
    switch parameterClause {
    case .simpleInput(let parameters): return captures + parameters.map(\.name.name)
    case .parameterClause(let clause):
      return captures + clause.parameters.map { ($0.secondName ?? $0.firstName).name }
    default: return captures
    }
  }
}

extension DeclSyntax {
  /// The names that a declaration adds to the scope it stands in.
  fileprivate var declaredNames: [String] {
    if let variable = self.as(VariableDeclSyntax.self) { return variable.names }
    if let function = self.as(FunctionDeclSyntax.self) { return [function.name.name] }
    return TypeDeclaration(self).map { [$0.name.name] } ?? []
  }
}
