internal import SwiftParser
internal import SwiftSyntax

/// A cell's syntax tree.
struct ParsedCell {
  let text: CellText
  let tree: SourceFileSyntax
  /// The statements at the top, those in the clauses of `#if` among them.
  let items: [TopLevelItem]
  private let converter: SourceLocationConverter

  init(_ source: String) {
    text = CellText(source)
    tree = Parser.parse(source: text.swift)
    items = TopLevelItem.all(in: tree.statements, under: nil)
    converter = SourceLocationConverter(fileName: "", tree: tree)
  }

  func position(_ offset: AbsolutePosition) -> SourcePosition {
    let location = converter.location(for: offset)
    return SourcePosition(line: location.line, column: location.column)
  }

  /// From a node's first character to behind its last.
  func range(of node: some SyntaxProtocol) -> Range<SourcePosition> {
    position(node.positionAfterSkippingLeadingTrivia)..<position(node.endPositionBeforeTrailingTrivia)
  }
}

/// A statement at the top of a cell.
struct TopLevelItem {
  let syntax: CodeBlockItemSyntax
  /// What `#if` asks for the statement to be compiled, if it stands in one.
  let condition: String?

  /// The nodes of a declaration, or nil.
  var declaration: DeclSyntax? {
    guard case .decl(let declaration) = syntax.item else { return nil }
    return declaration
  }

  var variable: VariableDeclSyntax? { declaration?.as(VariableDeclSyntax.self) }

  var guardStatement: GuardStmtSyntax? {
    guard case .stmt(let statement) = syntax.item else { return nil }
    return statement.as(GuardStmtSyntax.self)
  }

  static func all(in items: CodeBlockItemListSyntax, under condition: String?) -> [TopLevelItem] {
    items.flatMap { item -> [TopLevelItem] in
      guard case .decl(let declaration) = item.item, let choice = declaration.as(IfConfigDeclSyntax.self) else {
        return [TopLevelItem(syntax: item, condition: condition)]
      }
      var demands = condition.map { [$0] } ?? []
      return choice.clauses.flatMap { clause -> [TopLevelItem] in
        let own = clause.condition.map { "(\($0.trimmedDescription))" }
        let all = (demands + (own.map { [$0] } ?? [])).joined(separator: " && ")
        demands += own.map { ["!\($0)"] } ?? []
        guard case .statements(let statements)? = clause.elements else { return [] }
        return TopLevelItem.all(in: statements, under: all)
      }
    }
  }
}
