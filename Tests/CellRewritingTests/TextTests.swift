import CellRewriting
import SwiftParser
import SwiftSyntax
import Testing

@Suite("The text of a cell")
struct TextTests {
  @Test("has lines for the kernel before its first statement")
  func magics() {
    let cell = CellRewriter().rewrite("\n%time  run 3 \n%%html\n\nlet x = 5 % 2\n%no", number: 1, in: scope())
    #expect(cell.magics.map(\.name) == ["time", "html"])
    #expect(cell.magics.map(\.arguments) == ["run 3", ""])
    #expect(cell.magics.map(\.line) == [2, 3])
    #expect(cell.magics.map(\.takesCell) == [false, true])
    #expect(cell.lines.count == 6)
  }

  @Test("keeps its lines where magics and a shebang stand")
  func lines() {
    #expect(rewritten("#!/usr/bin/env swift\n%time\nlet x = 1") == "                    \n     \npublic let x = 1")
    #expect(CellRewriter().rewrite("%time", number: 1, in: scope()).isEmpty)
    #expect(CellRewriter().rewrite("// nothing\n/* at all */\n", number: 1, in: scope()).isEmpty)
    #expect(!CellRewriter().rewrite("1", number: 1, in: scope()).isEmpty)
  }

  @Test("is found again, token by token", arguments: Cells.all)
  func tokens(_ source: String) {
    let before = scope(after: "var counter = 1\nlet p = 2, r = 3, text = 4\nfunc area(_ p: Point) -> Int { 0 }")
    let cell = CellRewriter().rewrite(source, number: 2, in: before)
    let tree = Parser.parse(source: source)
    let converter = SourceLocationConverter(fileName: "", tree: tree)
    var count = 0
    for token in tree.tokens(viewMode: .sourceAccurate) where token.tokenKind != .endOfFile {
      let location = converter.location(for: token.positionAfterSkippingLeadingTrivia)
      let position = SourcePosition(line: location.line, column: location.column)
      let found = cell.map.rewritten(position)
      #expect(cell.map.original(found) == position)
      let line = Array(cell.lines[found.line - 1].utf8)
      let text = Array(token.text.utf8.prefix { $0 != UInt8(ascii: "\n") })
      #expect(Array(line.dropFirst(found.column - 1).prefix(text.count)) == text, "\(token.text) at \(position)")
      count += 1
    }
    #expect(count > 0)
  }

  @Test("maps what replaced, what was inserted and ranges of both")
  func ranges() {
    // internal let x = x     →  public let x = Cell_1.x
    let cell = CellRewriter().rewrite("internal let x = x", number: 2, in: scope(after: "let x = 1"))
    #expect(cell.body == "public let x = Cell_1.x")
    func at(_ column: Int) -> SourcePosition { SourcePosition(line: 1, column: column) }
    #expect(cell.map.original(at(1)) == at(1))
    #expect(cell.map.original(at(4)) == at(1))
    #expect(cell.map.original(at(7)) == at(9))
    #expect(cell.map.rewritten(at(5)) == at(1))
    #expect(cell.map.original(at(16)) == at(18))
    #expect(cell.map.original(at(23)) == at(18))
    #expect(cell.map.original(at(16)..<at(23)) == nil)
    #expect(cell.map.original(at(16)..<at(24)) == at(18)..<at(19))
    #expect(cell.map.original(at(1)..<at(7)) == at(1)..<at(9))
    #expect(cell.map.original(at(12)..<at(12)) == at(14)..<at(14))
    #expect(cell.map.original(at(18)..<at(18)) == nil)
  }

  @Test("is counted in bytes, whatever the characters")
  func bytes() {
    let cell = CellRewriter(marksStatements: false).rewrite("\tlet é = \"🎉\"; let b = 1", number: 1, in: scope())
    #expect(cell.body == "\tpublic let é = \"🎉\"; public let b = 1")
    let b = SourcePosition(line: 1, column: 23)
    #expect(cell.map.rewritten(b) == SourcePosition(line: 1, column: 37))
    #expect(cell.map.original(SourcePosition(line: 1, column: 37)) == b)
  }
}
