/// A place in a text as the compiler counts: lines from 1, and columns from 1 in UTF-8 code units.
package struct SourcePosition: Sendable, Hashable, Comparable, CustomStringConvertible {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  package static func < (a: Self, b: Self) -> Bool { (a.line, a.column) < (b.line, b.column) }
  package var description: String { "\(line):\(column)" }
}
