import CellRewriting
import Testing

/// What the compiler says of rewritten cells.
@Suite("A chain of cells")
struct ChainTests {
  /// Compiles cells; the result is the first error with its place in its cell, or nil.
  private func error(_ cells: String...) throws -> String? {
    let notebook = try Notebook()
    for cell in cells {
      do { try notebook.add(cell) } catch let error as Notebook.CompileError { return error.description }
    }
    return nil
  }

  @Test("compiles", arguments: [Cells.first, Cells.second])
  func notebooks(_ cells: [String]) throws {
    let notebook = try Notebook()
    for cell in cells { try notebook.add(cell) }
  }

  @Test("has errors where the user made them")
  func errors() throws {
    #expect(
      try error("let counter = \"1\"", "let bad: Int = \"text\" + counter")?.hasPrefix("1:23: cannot convert") == true)
    #expect(
      try error("func f(_ i: Int) -> Int { i }", "struct Q { var a = 1 }\nlet q = Q(a: f(undefinedName)); 1")
        == "2:16: cannot find 'undefinedName' in scope")
    #expect(try error("let x = 1", "let é = \"🎉\"; let x = x + missing")?.hasPrefix("1:30:") == true)
    #expect(try error("private let secret = 9", "print(secret)") == "1:7: cannot find 'secret' in scope")
  }

  @Test("can declare a name anew with another type, kind or result")
  func redefinition() throws {
    #expect(
      try error(
        "var x = 1\nfunc f(_ i: Int) -> Double { 1 }\nstruct S { var a = 1 }", "let x = \"was \\(x)\"",
        "func f(_ i: Int) -> String { x }\nlet s: String = f(S(a: 2).a)", "let f = f(3)\nf.count",
        "struct S { var b = \"\" }\nlet s = S(b: s).b + x") == nil)
    #expect(
      try error("func f() -> Int { 1 }", "func f() -> String { \"\" }", "let i: Int = f()")
        == "1:14: 'f()' is unavailable: cell [2] declared `f` with another result")
  }

  @Test("keeps what closures, `if let` and `guard let` mean")
  func meanings() throws {
    #expect(
      try error(
        "let x: Int? = 1", "let x = { [x] in x ?? 2 }", "let x = x()", "let x: Int? = x",
        "if let x { print(x + 1) }\nguard let x, x > 3 else { fatalError() }\nlet y: Int = x", "x + y") == nil)
  }

  @Test("has types, operators and conformances in common")
  func types() throws {
    #expect(
      try error(
        """
        @propertyWrapper struct Clamped { private var v = 0; var wrappedValue: Int { get { v } set { v = min(newValue, 9) } } }
        @propertyWrapper struct Plain<T> { var wrappedValue: T }
        struct Options: OptionSet { let rawValue: Int; static let a = Options(rawValue: 1) }
        @resultBuilder struct List { static func buildBlock(_ parts: Int...) -> [Int] { parts } }
        actor Count { var n = 0; func up() -> Int { n += 1; return n } }
        enum Space { struct Config { var a = 1 } }
        class Base { var made = 0; lazy var slow = 1; weak var other: Base?; required init() {}; class func make() -> Self { Self() }
          subscript(i: Int) -> Int { get { i } set {} }; private(set) var shown = 1; func some() -> some Equatable { 1 } }
        protocol Named { var name: String { get } }
        extension Named { var name: String { "none" } }
        public class Explicit { public init() {}; public func f() {} }
        precedencegroup Strong { higherThan: AdditionPrecedence }
        infix operator **: Strong
        func ** (a: Int, b: Int) -> Int { (0..<b).reduce(1) { r, _ in r * a } }
        """,
        """
        struct Level { @Clamped var value: Int; @Plain var plain = 1; var options: Options = [.a] }
        @List func list() -> [Int] { 1; 2 }
        let count = Count()
        let n = await count.up()
        class Derived: Base, Named { override var made: Int { didSet {} }; override class func make() -> Self { Self() }
          override subscript(i: Int) -> Int { get { 1 } set {} } }
        class Further: Explicit { override func f() {} }
        let config = Space.Config(a: 2)
        """,
        """
        var level = Level()
        level.value = 12 ** 2 + list()[0] + n + config.a
        let (derived, path) = (Derived(), \\Level.value)
        extension Derived: CustomStringConvertible { var description: String { name } }
        derived[1]
        """) == nil)
  }

  @Test("knows macros' types, which observe their members")
  func macros() throws {
    #expect(
      try error("import Observation\n@Observable class Model { var a = 1 }", "let m = Model(); m.a += 1; m.a") == nil)
  }

  @Test("waits, throws and guards at the top")
  func awaiting() throws {
    #expect(
      try error(
        "enum Wrong: Error { case a }\nfunc f(_ i: Int) async throws(Wrong) -> Int? { i }\nfunc g() async -> Int { 1 }",
        """
        do { print(try await f(1) as Any) } catch Wrong.a { print(1) }
        guard let x = try await f(1), await g() > 0 else { print(await g()); fatalError() }
        let y = try? await f(x)
        if await g() > 0 { await g() } else { print(2) }
        var z = 0
        z = await g()
        while await g() > 3 { z += 1 }
        await g() + x
        """, "x + z") == nil)
  }

  @Test("goes on after a cell that stopped half way, without the names that it did not set")
  func stopped() throws {
    func error(_ next: String) throws -> String? {
      let notebook = try Notebook()
      try notebook.add("let b = \"old\"")
      let source =
        "let a = 1\nlet b = Int(readLine()!)!\nvar c: [Int] = []\nfunc f() -> Int { b }\nstruct S { var x = 1 }"
      try notebook.add(source, stoppedIn: 1)
      do { try notebook.add(next) } catch let error as Notebook.CompileError { return error.description }
      return nil
    }
    #expect(try error("a + S(x: 2).x + f()") == nil)
    #expect(try error("a + b") == "1:5: 'b' is unavailable: cell [2] stopped before it set `b`")
    #expect(try error("c.append(1)") == "1:1: 'c' is unavailable: cell [2] stopped before it set `c`")
    #expect(try error("let b = b + 1") == "1:9: 'b' is unavailable: cell [2] stopped before it set `b`")
    #expect(try error("let b = 3\nlet c = 4; b + c") == nil)
  }

  @Test("compiles a cell again whose conformance must not be declared twice, if it was the newest")
  func again() throws {
    let notebook = try Notebook()
    try notebook.add("struct V { var x = 1 }")
    let source = "extension V: CustomStringConvertible { var description: String { \"\" } }"
    let cell = try notebook.add(source)
    #expect(throws: Notebook.CompileError.self) { try notebook.add(source) }
    #expect(notebook.forget(cell))
    try notebook.add(source)
  }

  @Test("shows nothing of a value that no function takes")
  func noncopyable() throws {
    let notebook = try Notebook()
    try notebook.add("struct N: ~Copyable { deinit {} }")
    #expect(try notebook.add("let n = N()\nN()").passesValues == false)
    #expect(try notebook.add("1").passesValues)
  }
}
