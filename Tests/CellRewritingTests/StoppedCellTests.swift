import CellRewriting
import Testing

@Suite("A cell that stopped half way")
struct StoppedCellTests {
  private func stopped(_ source: String, in statement: Int) -> (StoppedCell?, NotebookScope) {
    var scope = NotebookScope(libraries: [])
    let cell = CellRewriter().rewrite(source, number: 3, in: scope)
    let stopped = scope.add(cell, stoppedIn: statement)
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
      (0, ["a", "late", "b", "c", "d", "e"]), (2, ["late", "b", "c", "d", "e"]), (3, ["late", "d", "e"]),
      (4, ["d", "e"]), (5, ["e"]), (6, []),
    ])
  func names(_ statement: Int, _ names: [String]) {
    #expect((stopped(Self.source, in: statement).0?.names ?? []) == names)
  }

  @Test("has said before each statement that it is reached")
  func marks() {
    let source =
      "/// The first.\nlet a = 1\nimport Glibc\nlet b = f() // b\n/// C.\nlet c = 1\nfunc g() {}\nif a > 0 { b }; a"
    let cell = CellRewriter().rewrite(source, number: 3, in: scope())
    #expect(
      cell.body
        == """
        /// The first.
        public let a = 1
        @_exported import Glibc
        _cellReach(2); public let b = f() // b
        /// C.
        public let c = 1
        public func g() {}
        _cellReach(5); if a > 0 { b }; _cellReach(6); _cellResult(a)
        """)
    #expect(cell.map.original(SourcePosition(line: 4, column: 16)) == SourcePosition(line: 4, column: 1))
  }

  @Test("has a module that exports it, and makes those names unavailable")
  func module() {
    let (stopped, scope) = stopped("let a = 1\nlet b = f(), d: Int = 5\nvar c = 2, e: Int = 3", in: 1)
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
