import CellRewriting
import Testing

@Suite("A cell that stopped half way")
struct StoppedCellTests {
  private func stopped(_ source: String, _ line: Int?, _ column: Int = 1) -> (StoppedCell?, NotebookScope) {
    var scope = NotebookScope(libraries: [])
    let cell = CellRewriter().rewrite(source, number: 3, in: scope)
    let stopped = scope.add(cell, stoppedAt: line.map { SourcePosition(line: $0, column: column) })
    return (stopped, scope)
  }

  static let source = """
    let a = 1
    var late: Int
    let b = [
      f(),
    ], c = 2
    late = 4
    let d: Int = 5; let e = 6
    func g() -> Int { e }
    """

  @Test(
    "leaves without values what its statement and those after it set",
    arguments: [
      (1, ["a", "late", "b", "c", "d", "e"]), (2, ["late", "b", "c", "d", "e"]), (4, ["late", "b", "c", "d", "e"]),
      (6, ["late", "d", "e"]), (7, ["d", "e"]), (8, []),
    ])
  func names(_ line: Int, _ names: [String]) { #expect((stopped(Self.source, line).0?.names ?? []) == names) }

  @Test("is judged by the column if its line has several statements, and has lost all if nobody knows the line")
  func columns() {
    #expect(stopped(Self.source, 7, 20).0?.names == ["e"])
    #expect(stopped(Self.source, nil).0?.names == ["a", "late", "b", "c", "d", "e"])
  }

  @Test("has a module that exports it, and makes those names unavailable")
  func module() {
    let (stopped, scope) = stopped("let a = 1\nlet b = f(), d: Int = 5\nvar c = 2, e: Int = 3", 2)
    #expect(stopped?.module == "Cell_3_stopped")
    #expect(
      stopped?.source == """
        @_exported import Cell_3
        @available(*, unavailable, message: "cell [3] stopped before it set `b`")
        public let `b` = Cell_3.`b`
        @available(*, unavailable, message: "cell [3] stopped before it set `d`")
        public var `d`: Int { fatalError() }
        @available(*, unavailable, message: "cell [3] stopped before it set `c`")
        public var `c` = Cell_3.`c`
        @available(*, unavailable, message: "cell [3] stopped before it set `e`")
        public var `e`: Int { get { fatalError() } set {} }

        """)
    #expect(scope.lastModule == "Cell_3_stopped")
    #expect(scope.module(declaring: "a") == "Cell_3")
    #expect(scope.module(declaring: "b") == "Cell_3_stopped")
  }
}
