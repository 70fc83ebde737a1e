import CellRewriting
import Testing

@Suite("A statement at the top")
struct StatementTests {
  @Test(
    "that awaits is handed to a function that waits",
    arguments: [
      ("let x = await f()", "public let x = _cellAwait({ await f() })"),
      ("let x = try await f(), y = 1", "public let x = try _cellAwait({ try await f() }), y = 1"),
      ("let x = try? await f()", "public let x = _cellAwait({ try? await f() })"),
      ("x = await f()", "_cellAwait({ x = await f() })"),
      ("await f()", "_cellAwait({ await f() })"),
      ("for await x in s { print(x) }", "_cellAwait({ for await x in s { print(x) }; return })"),
      ("if await f() { 1 } else { 2 }", "_cellAwait({ if await f() { 1 } else { 2 }; return })"),
      ("for try await x in s {}", "try _cellAwait({ for try await x in s {}; return })"),
      ("do { try await f() } catch { g() }", "_cellAwait({ do { try await f() } catch { g() }; return })"),
      ("do { try await f() } catch E.a { g() }", "try _cellAwait({ do { try await f() } catch E.a { g() }; return })"),
      ("throw await f()", "throw _cellAwait({ await f() })"),
      (
        "guard let x = await f(), await g(x) else { await h(); fatalError() }",
        "guard let __guarded_x = _cellAwait({ await f() }), _cellAwait({ await g(__guarded_x) }) else { _cellAwait({ await h() }); fatalError() }; public let x = __guarded_x"
      ),
      ("Task { await f() }", "Task { await f() }"),
      ("func f() async { await g() }", "public func f() async { await g() }"),
      ("do { async let x = f(); print(1) }", "_cellAwait({ do { async let x = f(); print(1) }; return })"),
    ])
  func awaits(_ source: String, _ expected: String) { #expect(rewritten(source) == expected) }

  @Test(
    "is shown if it is an expression and the last, without a semicolon",
    arguments: [
      ("1 + 2", "_cellResult(1 + 2)"),
      ("print(1)\nx // the x", "print(1)\n_cellResult(x) // the x"),
      ("xs.map { $0 }", "_cellResult(xs.map { $0 })"),
      ("try f()", "_cellResult(try f())"),
      ("await f()", "_cellResult(_cellAwait({ await f() }))"),
      ("try await f()", "_cellResult(try _cellAwait({ try await f() }))"),
      ("1;", "1;"), ("x = 1", "x = 1"), ("_ = f()", "_ = f()"), ("if a { 1 } else { 2 }", "if a { 1 } else { 2 }"),
      ("switch a { default: 1 }", "switch a { default: 1 }"), ("for x in y {}", "for x in y {}"),
      ("func f() {}", "public func f() {}"), ("#if DEBUG\n1\n#endif", "#if DEBUG\n1\n#endif"), ("", ""),
      ("x == 1", "_cellResult(x == 1)"), ("1\nlet a = 2", "1\npublic let a = 2"),
    ])
  func shows(_ source: String, _ expected: String) {
    #expect(rewritten(source, showing: true) == expected)
    let cell = CellRewriter().rewrite(source, number: 9, in: scope())
    #expect(cell.showsLast == expected.contains("_cellResult"))
    #expect(!CellRewriter().rewrite(source, number: 9, in: scope(), passesValues: false).source.contains("_cellResult"))
  }

  @Test("is shown as an earlier cell's variable with the module's name inside of the call")
  func order() {
    #expect(
      rewritten("let a = 1\nawait f(a)", in: scope(after: "let a = 0"), showing: true)
        == "public let a = 1\n_cellResult(_cellAwait({ await f(a) }))")
    #expect(
      rewritten("await x\nlet x = 1", in: scope(after: "let x = 0"))
        == "_cellAwait({ await Cell_1.x })\npublic let x = 1")
  }

  @Test("registers the variables that have values in the end")
  func registers() {
    let source = """
      let (a, `in`) = (1, 2)
      var unset: Int
      @MainActor var ui = 0
      private let p = 0
      var computed: Int { 1 }
      #if os(Linux)
      let linux = 1
      #endif
      guard let g = Int("1") else { fatalError() }
      """
    #expect(
      CellRewriter().rewrite(source, number: 2, in: scope()).epilogue == """
        _cellRegister("Cell_2.a", `a`)
        _cellRegister("Cell_2.in", `in`)
        #if (os(Linux))
        _cellRegister("Cell_2.linux", `linux`)
        #endif
        _cellRegister("Cell_2.g", `g`)

        """)
  }

  @Test("is left as it is if the cell has syntax errors")
  func errors() {
    let cell = CellRewriter().rewrite("let x = await f(\nx", number: 1, in: scope())
    #expect(cell.hasSyntaxErrors)
    #expect(cell.body == "let x = await f(\nx")
  }

  @Test("is refused if a cell has no place for it")
  func refused() {
    let cell = CellRewriter().rewrite(
      "struct A {}\n  @main struct App { static func main() {} }", number: 1, in: scope())
    #expect(cell.problems.map(\.position) == [SourcePosition(line: 2, column: 3)])
    #expect(cell.problems.first?.message.contains("App.main()") == true)
    #expect(CellRewriter().rewrite("async let x = f()", number: 1, in: scope()).problems.count == 1)
    #expect(CellRewriter().rewrite("let x = 1", number: 1, in: scope()).problems.isEmpty)
  }
}
