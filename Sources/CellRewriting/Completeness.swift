internal import SwiftDiagnostics
internal import SwiftParser
internal import SwiftParserDiagnostics
internal import SwiftSyntax

/// Whether a console should run what was typed, or wait for more of it.
package enum Completeness: Sendable, Equatable {
  case complete
  /// With the white space to begin the next line with.
  case incomplete(indentation: String)
  case invalid

  package init(of source: String) {
    let text = CellText(source).swift
    let tree = Parser.parse(source: text)
    guard tree.hasError else {
      self = .complete
      return
    }
    // What lacks behind the last token may still come; anything else is wrong already.
    let last = tree.endOfFileToken.previousToken(viewMode: .sourceAccurate)
    let end = last?.endPositionBeforeTrailingTrivia ?? AbsolutePosition(utf8Offset: 0)
    let errors = ParseDiagnosticsGenerator.diagnostics(for: tree).filter { $0.diagMessage.severity == .error }
    let mayContinue = errors.allSatisfy { $0.position >= end } && !OpenLine.exists(in: tree)
    self = mayContinue ? .incomplete(indentation: Completeness.indentation(after: text, last: last)) : .invalid
  }

  /// That of the last line, and more behind what opens a block or a list.
  private static func indentation(after text: String, last: TokenSyntax?) -> String {
    let line = text.split(separator: "\n").last { !$0.trimmed.isEmpty } ?? ""
    let current = String(line.prefix { $0 == " " || $0 == "\t" })
    switch last?.tokenKind {
    case .leftBrace, .leftParen, .leftSquare, .colon, .keyword(.in): return current + "  "
    default: return current
    }
  }
}

/// Finds a literal that had to end on its line.
private final class OpenLine: SyntaxVisitor {
  private var found = false

  static func exists(in tree: SourceFileSyntax) -> Bool {
    let finder = OpenLine(viewMode: .all)
    finder.walk(tree)
    return finder.found
  }

  override func visit(_ node: StringLiteralExprSyntax) -> SyntaxVisitorContinueKind {
    if node.openingQuote.tokenKind == .stringQuote && node.closingQuote.presence == .missing { found = true }
    return .visitChildren
  }
}
