internal import SwiftSyntax

/// Changes to a cell's text, gathered from rules that know nothing of each other.
struct EditList {
  /// At one place: what closes the node before it, then what opens the node behind it, then what replaces that.
  private enum Side: Int {
    case after, before, replacing
  }

  private struct Edit {
    let offset: Int
    let removed: Int
    let text: String
    let side: Side
    /// The outermost of several wrappings is asked for first: it opens first and closes last.
    let order: Int
  }

  private var edits: [Edit] = []

  mutating func insert(_ text: String, before node: some SyntaxProtocol) {
    add(text, at: node.positionAfterSkippingLeadingTrivia, .before)
  }

  mutating func insert(_ text: String, after node: some SyntaxProtocol) {
    add(text, at: node.endPositionBeforeTrailingTrivia, .after)
  }

  mutating func wrap(_ node: some SyntaxProtocol, _ opening: String, _ closing: String) {
    insert(opening, before: node)
    insert(closing, after: node)
  }

  /// The trivia around it stays.
  mutating func replace(_ node: some SyntaxProtocol, with text: String) {
    let length = node.endPositionBeforeTrailingTrivia.utf8Offset - node.positionAfterSkippingLeadingTrivia.utf8Offset
    add(text, at: node.positionAfterSkippingLeadingTrivia, .replacing, removing: length)
  }

  private mutating func add(_ text: String, at position: AbsolutePosition, _ side: Side, removing length: Int = 0) {
    let order = side == .after ? -edits.count : edits.count
    edits.append(Edit(offset: position.utf8Offset, removed: length, text: text, side: side, order: order))
  }

  func apply(to text: String) -> (text: String, map: PositionMap) {
    let original = Array(text.utf8)
    var result: [UInt8] = []
    var changes: [Int: [PositionMap.Change]] = [:]
    var (done, line, lineStart) = (0, 1, 0)
    for edit in edits.sorted(by: { ($0.offset, $0.side.rawValue, $0.order) < ($1.offset, $1.side.rawValue, $1.order) })
    {
      for offset in done..<max(done, edit.offset) where original[offset] == UInt8(ascii: "\n") {
        (line, lineStart) = (line + 1, offset + 1)
      }
      result += original[done..<edit.offset]
      result += edit.text.utf8
      done = edit.offset + edit.removed
      changes[line, default: []].append(
        PositionMap.Change(
          column: edit.offset - lineStart + 1, removed: edit.removed, inserted: edit.text.utf8.count))
    }
    result += original[done...]
    return (String(decoding: result, as: UTF8.self), PositionMap(changes))
  }
}
