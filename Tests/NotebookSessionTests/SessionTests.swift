import Foundation
import NotebookKernel
import Testing

@Suite("A notebook's session")
struct SessionTests {
  @Test("shows text, displays and the last value, in their order")
  func order() async throws {
    let notebook = try await OpenNotebook()
    let shown = await notebook.run(
      "print(\"a\")\ndisplay(\"b\")\nlet place = DisplayPlace(showing: 1)\nplace.update(2)\nprint(\"c\")\n40 + 2")
    #expect(shown.text == "a\n<\"b\"><1>[place 1: 2]c\n=42")
    #expect(await notebook.run("print(1)\nclearOutput(wait: true)\nprint(2)").text == "1\n{clear true}2\n")
    #expect(await notebook.run("let x = 1").items.isEmpty)
    #expect(await notebook.run("x + 1;").items.isEmpty)
    #expect(await notebook.run("// nothing\n").items.isEmpty)
  }

  @Test("keeps what cells declare, and lets later ones declare it anew")
  func redefinition() async throws {
    let notebook = try await OpenNotebook()
    await notebook.run(
      "var x = 1\nfunc f(_ n: Int) -> Int { n + x }\nstruct P: Equatable { var a = 2 }\ninfix operator **\nfunc ** (a: Int, b: Int) -> Int { a * b }"
    )
    #expect(await notebook.run("x = 5\nf(P().a) ** 2").text == "=14")
    await notebook.run("let x = \"text\"\nstruct P { var name = x }\nfunc f(_ s: String) -> String { s + s }")
    #expect(await notebook.run("f(P().name) + \"\\(f(1))\"").text == "=\"texttext6\"")
    await notebook.run("let x = x + \"!\"")
    #expect(await notebook.run("x").text == "=\"text!\"")
  }

  @Test("takes await and throws at the top, and several files' imports")
  func effects() async throws {
    let notebook = try await OpenNotebook()
    await notebook.run(
      "import Foundation\nfunc later(_ n: Int) async throws -> Int { try await Task.sleep(for: .milliseconds(1)); return n }"
    )
    let shown = await notebook.run(
      "let a = try await later(3)\nfor i in 0..<2 { print(try await later(i)) }\nsqrt(Double(a * 3))")
    #expect(shown.text == "0\n1\n=3.0")
  }

  @Test("uses Glassbox, and shows the op and the shapes of a mistake at its line")
  func library() async throws {
    let notebook = try await OpenNotebook()
    await notebook.run("import TensorCore\nlet x = Tensor([[1.0, 2.0], [3.0, 4.0]])")
    #expect(await notebook.run("matmul(x, x)").text == "=[[7.0, 10.0], [15.0, 22.0]] float32 [2, 2]")
    let shown = await notebook.run("let ones = Tensor.ones([4, 5])\nlet y =\n  matmul(x, ones)\nlet z = 1")
    #expect(shown.error?.name == "Fatal error" && shown.items.isEmpty)
    #expect(
      shown.traceback.hasPrefix(
        """
        Fatal error: matmul: [2, 2] × [4, 5]: the inner sizes 2 and 4 differ. Fix: transpose or reshape one of them so that \
        [m, k] meets [k, n].
          Cell[3]:3
              matmul(x, ones)
              ^
        """), "\(shown.traceback)")
    #expect(await notebook.run("ones.shape").text == "=[4, 5]")
    #expect(await notebook.run("y").error?.value == "'y' is unavailable: cell [3] stopped before it set `y`")
    #expect(await notebook.run("let y = 2\ny").text == "=2")
  }

  @Test("shows compile errors at the cell's own lines and columns, with what mends them")
  func compileErrors() async throws {
    let notebook = try await OpenNotebook()
    await notebook.run("let é = \"🎉\"")
    let shown = await notebook.run("let a = 1; let n: Int = é\n\nfunc f(_ x: Int?) -> Int { x }")
    #expect(
      shown.traceback == """
        error: cannot convert value of type 'String' to specified type 'Int'
          Cell[2]:1:25
            let a = 1; let n: Int = é
                                    ^
        error: value of optional type 'Int?' must be unwrapped to a value of type 'Int'
          Cell[2]:3:28
            func f(_ x: Int?) -> Int { x }
                                       ^
          note: coalesce using '??' to provide a default when the optional value contains 'nil'
            Cell[2]:3:28
              func f(_ x: Int?) -> Int { x }
                                         ^
            fix: insert ` ?? <#default value#>` at 3:29
          note: force-unwrap using '!' to abort execution if the optional value contains 'nil'
            Cell[2]:3:28
              func f(_ x: Int?) -> Int { x }
                                         ^
            fix: insert `!` at 3:29
        """, "\(shown.traceback)")
    #expect(await notebook.run("f(3)").traceback.contains("cannot find 'f' in scope"))
  }

  @Test("keeps silent about what a notebook makes meaningless, and not about the rest")
  func warnings() async throws {
    let notebook = try await OpenNotebook()
    #expect(await notebook.run("var neverChanged = 1\nfunc f() -> Int { 1 }\nf()\nlet u = 2").items.isEmpty)
    let shown = await notebook.run("let x: Int? = 1\nprint(x)")
    #expect(
      shown.text.contains("expression implicitly coerced from 'Int?' to 'Any'") && shown.text.hasSuffix("Optional(1)\n")
    )
  }

  @Test("shows a value that can't be handed over by nothing, and runs the cell all the same")
  func uncopyable() async throws {
    let notebook = try await OpenNotebook()
    await notebook.run("struct Token: ~Copyable { var n = 1 }\nfunc make() -> Token { Token(n: 4) }")
    #expect(await notebook.run("make()").items.isEmpty)
    #expect(await notebook.run("let n = make().n\nn").text == "=4")
  }

  @Test("names the statement of an error that nobody caught, and keeps what was set before")
  func thrown() async throws {
    let notebook = try await OpenNotebook()
    let shown = await notebook.run(
      "enum Trouble: Error { case deep(Int) }\nfunc f() throws -> Int { throw Trouble.deep(3) }\nlet a = 1\nlet b =\n  try f()\nlet c = 2"
    )
    #expect(
      shown.traceback == """
        Trouble: deep(3)
          Cell[1]:4:1
            let b =
            ^
        The variables of the cells before are as they were.
        """)
    #expect(await notebook.run("a").text == "=1")
    #expect(await notebook.run("c").error?.value == "'c' is unavailable: cell [1] stopped before it set `c`")
  }

  @Test("evaluates expressions beside a cell")
  func expressions() async throws {
    let notebook = try await OpenNotebook()
    let shown = await notebook.run("let a = 20", expressions: ["double": "a * 2", "wrong": "a + nothing"])
    #expect(shown.values == ["double": "40", "wrong": "failed"])
    #expect(await notebook.run("a").text == "=20")
  }

  @Test("asks for input")
  func input() async throws {
    let notebook = try await OpenNotebook()
    let shown = await notebook.run(
      "let name = readLine(prompt: \"name? \")!\nlet age = Int(readLine()!)!\nprint(name, age)", answers: ["Ada", "36"])
    #expect(shown.text == "Ada 36\n")
    #expect(await notebook.run("readLine() == nil").text.hasSuffix("=true"))
  }

  @Test("is interrupted while a cell runs and while it is compiled, and goes on")
  func interruption() async throws {
    let notebook = try await OpenNotebook()
    let session = notebook.session
    await notebook.run("let kept = [1, 2, 3]")
    let running = await notebook.run("let set = 1\nprint(\"on\")\nwhile true {}\nlet unset = 2") { _ in
      await session.interrupt()
    }
    #expect(running.error?.name == "Interrupted" && running.traceback.contains("Cell[2]:3"), "\(running)")
    #expect(await notebook.run("kept.count + set").text == "=4")
    let limited = await notebook.run("%limit 0.2\nwhile true {}")
    #expect(limited.error?.name == "Interrupted")
    // A type checker's nightmare.
    async let slow = notebook.run("let n = \((1...40).map { "\($0) * 2.5 - -\($0)" }.joined(separator: " + ")) + \"\"")
    try await Task.sleep(for: .milliseconds(300))
    await session.interrupt()
    let stopped = await slow
    #expect(stopped.error != nil)
    #expect(await notebook.run("kept").text == "=[1, 2, 3]")
  }

  @Test("finds cells of the past")
  func history() async throws {
    let notebook = try await OpenNotebook()
    for code in ["let a = 1", "a", "let a = 2", "a"] { await notebook.run(code) }
    func entries(_ access: HistoryRequest.Access) async -> [String] {
      await notebook.session.history(HistoryRequest(access: access, withOutput: false)).map { "\($0.line) \($0.input)" }
    }
    #expect(await entries(.tail(2)) == ["3 let a = 2", "4 a"])
    #expect(await entries(.range(session: 0, lines: 1..<3)) == ["1 let a = 1", "2 a"])
    #expect(await entries(.search(pattern: "let*", 5, unique: false)) == ["1 let a = 1", "3 let a = 2"])
    #expect(await entries(.search(pattern: "a", 5, unique: true)) == ["4 a"])
  }
}

@Suite("A session's help while a cell is written")
struct SessionAssistanceTests {
  @Test("completes and explains what earlier cells declared, also after a restart")
  func names() async throws {
    let notebook = try await OpenNotebook()
    await notebook.run("/// How fast it learns.\nlet learningSpeed = 0.1\nimport TensorCore")
    func matches(_ code: String) async -> [String] {
      await notebook.session.complete(code, cursor: code.unicodeScalars.count).matches
    }
    #expect(await matches("let x = learningSp") == ["learningSpeed"])
    let words = await notebook.session.inspect("learningSpeed", cursor: 5, detail: 0)
    #expect(words?.text.contains("How fast it learns.") == true)
    let docs = await notebook.session.inspect("matmul(", cursor: 3, detail: 0)
    #expect(docs?.text.contains("→ [[21.0], [43.0]]") == true, "\(docs?.text ?? "")")
    #expect(await matches("%re") == ["%restart"])
    await notebook.run("%restart\nlet learningSpirit = 2")
    #expect(await matches("learningSp").sorted() == ["learningSpeed", "learningSpirit"])
    await notebook.session.shutdown(restart: false)
  }
}
