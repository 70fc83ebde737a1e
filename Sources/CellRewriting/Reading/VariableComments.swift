internal import SwiftParser
internal import SwiftSyntax

/// The documentation comments on the variables at the top of a source.
package struct VariableComments: Sendable {
  private var comments: [String: String] = [:]

  package init(in source: String) {
    for item in TopLevelItem.all(in: Parser.parse(source: source).statements, under: nil) {
      guard let variable = item.variable else { continue }
      let comment = Self.text(of: variable.leadingTrivia)
      for name in variable.bindings.flatMap(\.pattern.boundNames) { comments[name] = comment }
    }
  }

  /// Empty for a variable without one, nil where there is no such variable.
  package func comment(on name: String) -> String? { comments[name] }

  private static func text(of trivia: Trivia) -> String {
    var lines: [String] = []
    for piece in trivia {
      switch piece {
      case .docLineComment(let text): lines.append(text.dropFirst(3).trimmed)
      case .docBlockComment(let text):
        lines += text.dropFirst(3).dropLast(2).split(separator: "\n").map { $0.drop { $0 == " " || $0 == "*" }.trimmed }
      // What stands before a free line or another comment is about something else.
      case .newlines(let count) where count > 1: lines = []
      default: break
      }
    }
    return lines.joined(separator: "\n").trimmed
  }
}
