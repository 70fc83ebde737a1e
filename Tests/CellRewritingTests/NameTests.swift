import CellRewriting
import Testing

@Suite("A name that a cell declares anew")
struct NameTests {
  let before = scope(after: "let x = 1\nlet y = 2\nfunc f(_ i: Int) -> Int { i }", "let y = 3")

  @Test(
    "means the earlier cell's up to the end of the declaring statement",
    arguments: [
      ("let x = x + 1", "public let x = Cell_1.x + 1"),
      ("let y = y", "public let y = Cell_2.y"),
      ("print(x); let x = 2; print(x)", "print(Cell_1.x); public let x = 2; print(x)"),
      ("let f = f(3)", "public let f = Cell_1.f(3)"),
      ("let x = \"was \\(x)\"", "public let x = \"was \\(Cell_1.x)\""),
      ("let (x, y) = (y, x)", "public let (x, y) = (Cell_2.y, Cell_1.x)"),
      ("let x = 5, z = x", "public let x = 5, z = x"),
      ("if let x { print(x) }\nlet x = 1", "if let x = Cell_1.x { print(x) }\npublic let x = 1"),
      ("let x = { [x] in x }", "public let x = { [x = Cell_1.x] in x }"),
      ("let x = a.x + b[keyPath: \\.x] + g(x: 1)", "public let x = a.x + b[keyPath: \\.x] + g(x: 1)"),
      ("func g() -> Int { x }\nlet x = 1", "public func g() -> Int { x }\npublic let x = 1"),
      ("print(z)\nlet z = 1", "print(z)\npublic let z = 1"),
    ])
  func earlier(_ source: String, _ expected: String) { #expect(rewritten(source, in: before) == expected) }

  @Test(
    "means what an inner scope binds",
    arguments: [
      "let x = [1].map { x in x }", "let x = [1].map { (x: Int) -> Int in x }",
      "let x = { let x = 2; return x }()", "let x = { for x in 0..<3 { print(x) } }",
      "let x = { if let x = g() { print(x) } }", "let x = { switch g() { case .some(let x): x; default: 0 } }",
      "let x = { func h(_ x: Int) -> Int { x }; return h(1) }()",
      "let x = { guard let x = g() else { return 0 }; return x }()",
      "let x = { do { try g() } catch let x { print(x) } }", "let x = { while let x = g() { print(x) } }",
      "let x = { if let x = g(), x > 3 { } }",
    ])
  func shadowed(_ source: String) { #expect(rewritten(source, in: before) == "public " + source) }

  @Test("is noted where a closure keeps the earlier meaning")
  func captured() {
    let cell = CellRewriter().rewrite("let x = { x }\nlet y = y + 1", number: 3, in: before)
    #expect(cell.declarations.capturedEarlierNames == ["x"])
  }

  @Test(
    "gets a public constant if `guard` binds it",
    arguments: [
      (
        "guard let n = g() else { fatalError() }",
        "guard let __guarded_n = g() else { fatalError() }; public let n = __guarded_n"
      ),
      (
        "guard let n = g(), n > 3, case .a(let b) = n else { fatalError() }",
        "guard let __guarded_n = g(), __guarded_n > 3, case .a(let __guarded_b) = __guarded_n else { fatalError() }; public let n = __guarded_n; public let b = __guarded_b"
      ),
      (
        "guard let z else { fatalError() }",
        "guard let __guarded_z = z else { fatalError() }; public let z = __guarded_z"
      ),
      (
        "guard let x else { fatalError() }",
        "guard let __guarded_x = Cell_1.x else { fatalError() }; public let x = __guarded_x"
      ),
      (
        "guard let x = Int(x), x > y else { fatalError(x) }",
        "guard let __guarded_x = Int(Cell_1.x), __guarded_x > y else { fatalError(Cell_1.x) }; public let x = __guarded_x"
      ),
      (
        "guard let `in` = g() else { fatalError() }",
        "guard let __guarded_in = g() else { fatalError() }; public let `in` = __guarded_in"
      ),
      ("guard x > 3 else { fatalError() }", "guard x > 3 else { fatalError() }"),
    ])
  func guarded(_ source: String, _ expected: String) { #expect(rewritten(source, in: before) == expected) }

  @Test("gets an unavailable function of the old signature if a function differs in its result alone")
  func results() {
    let old = scope(after: "struct P {}\n@discardableResult func area(_ p: P, by s: Int = 1) -> Double { 0 }")
    let cell = CellRewriter().rewrite("func area(_ q: P, by t: Int) -> String { \"\" }", number: 2, in: old)
    #expect(
      cell.epilogue == """
        @available(*, unavailable, message: "cell [2] declared `area` with another result")
        public func area(_ p: P, by s: Int) -> Double { fatalError() }

        """)
    for other in ["func area(_ p: P, by s: Int) -> Double { 1 }", "func area(_ p: P) -> String { \"\" }"] {
      #expect(CellRewriter().rewrite(other, number: 2, in: old).epilogue == "", "\(other)")
    }
  }
}
