/// Leads from places in a cell to places in its rewritten source, and back. No edit adds or removes a line, and `#sourceLocation` makes the
/// compiler count lines as the cell does: only columns move.
package struct PositionMap: Sendable, Equatable {
  /// `removed` code units of the cell, from `column` on, became `inserted` others.
  struct Change: Sendable, Equatable {
    var column: Int
    var removed: Int
    var inserted: Int
  }

  /// By line, in ascending columns.
  private let changes: [Int: [Change]]

  init(_ changes: [Int: [Change]]) { self.changes = changes }

  /// Where a character of the cell stands in the rewritten source. One that was replaced stands where its replacement begins.
  package func rewritten(_ position: SourcePosition) -> SourcePosition {
    var shift = 0
    for change in changes[position.line] ?? [] where change.column <= position.column {
      if position.column < change.column + change.removed {
        return SourcePosition(line: position.line, column: change.column + shift)
      }
      shift += change.inserted - change.removed
    }
    return SourcePosition(line: position.line, column: position.column + shift)
  }

  /// Where a character of the rewritten source comes from. Inserted text comes from the place where it was inserted.
  package func original(_ position: SourcePosition) -> SourcePosition {
    var shift = 0
    for change in changes[position.line] ?? [] {
      let start = change.column + shift
      if position.column < start { break }
      if position.column < start + change.inserted {
        return SourcePosition(line: position.line, column: change.column)
      }
      shift += change.inserted - change.removed
    }
    return SourcePosition(line: position.line, column: position.column - shift)
  }

  /// The part of the cell that a range of the rewritten source covers, or nil if it covers nothing that the user wrote: a fix-it for
  /// such a range is of no use to them.
  package func original(_ range: Range<SourcePosition>) -> Range<SourcePosition>? {
    let (lower, upper) = (original(range.lowerBound), original(range.upperBound))
    if range.isEmpty { return isInserted(range.lowerBound) ? nil : lower..<lower }
    return lower < upper ? lower..<upper : nil
  }

  /// Whether a place is in the middle of text that was inserted.
  private func isInserted(_ position: SourcePosition) -> Bool {
    var shift = 0
    for change in changes[position.line] ?? [] {
      let start = change.column + shift
      if start < position.column && position.column < start + change.inserted { return true }
      shift += change.inserted - change.removed
    }
    return false
  }
}
