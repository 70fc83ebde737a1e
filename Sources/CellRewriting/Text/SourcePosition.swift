/// A place in a text as the compiler counts: lines from 1, and columns from 1 in UTF-8 code units.
public struct SourcePosition: Sendable, Hashable, Comparable, CustomStringConvertible {
  public var line: Int
  public var column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static func < (a: Self, b: Self) -> Bool { (a.line, a.column) < (b.line, b.column) }
  public var description: String { "\(line):\(column)" }
}
