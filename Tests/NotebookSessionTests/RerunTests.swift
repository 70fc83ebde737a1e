import Foundation
import NotebookDisplay
import NotebookKernel
import Testing

@Suite("A cell that runs again")
struct RerunTests {
  @Test("replaces what it declared, a conformance among it")
  func replacement() async throws {
    let notebook = try await OpenNotebook()
    await notebook.run("protocol Named { var name: String { get } }", id: "p")
    await notebook.run("extension Int: Named { var name: String { \"one\" } }", id: "e")
    let again = await notebook.run("extension Int: Named { var name: String { \"two\" } }", id: "e")
    #expect(again.error == nil && again.text.contains("%restart"), "\(again)")
    #expect(await notebook.run("let three = 3.name\nthree").text == "=\"two\"")
    // Now that another cell is built upon it, only a fresh process can take it back.
    let late = await notebook.run("extension Int: Named { var name: String { \"three\" } }", id: "e")
    #expect(
      late.traceback.contains("redundant conformance") && late.traceback.contains("%restart"), "\(late.traceback)")
    #expect(await notebook.run("%restart").text.hasPrefix("a fresh process; 3 cells run again in "))
    #expect(await notebook.run("three").text == "=\"three\"")
  }

  @Test("says nothing of conformances of types that it declares itself")
  func ownTypes() async throws {
    let notebook = try await OpenNotebook()
    let code =
      "struct A { var n = 1 }\nextension A: CustomStringConvertible { var description: String { \"A\\(n)\" } }\nA()"
    for _ in 0..<2 { #expect(await notebook.run(code, id: "a").text == "=A1") }
  }

  @Test("gives back the memory of what it held before")
  func memory() async throws {
    let notebook = try await OpenNotebook()
    func resident() async throws -> Int {
      let text = await notebook.run("%memory").text
      return try #require(text.split(separator: " ").first.flatMap { Int($0) })
    }
    let code = "var big = [UInt8](repeating: 1, count: 200 << 20)\nbig[5] = 2"
    await notebook.run(code, id: "big")
    let first = try await resident()
    #expect(first > 200)
    for _ in 0..<5 { #expect(await notebook.run(code, id: "big").error == nil) }
    #expect(try await resident() < first + 60)
  }

  @Test("runs again after its process has ended, with those before it")
  func replay() async throws {
    let notebook = try await OpenNotebook()
    await notebook.run("print(\"once\")\nvar x = 1", id: "a")
    await notebook.run("let half = 2\nlet broken = [1][half]\nlet never = 3", id: "b")
    await notebook.run("x += half", id: "c")
    let gone = await notebook.run("import Foundation\nexit(7)", id: "d")
    #expect(gone.error?.value == "the cell ended its process with the exit status 7")
    #expect(gone.traceback.contains("%restart"))
    #expect(await notebook.run("x").traceback.contains("cannot find 'x' in scope"))
    let restarted = await notebook.run("%restart\nx")
    #expect(restarted.text.wholeMatch(of: /a fresh process; 3 cells run again in [0-9.]+ s\n=3/) != nil, "\(restarted)")
    #expect(await notebook.run("broken").error?.value == "cannot find 'broken' in scope")
  }

  @Test("is told apart from others by a number of its own")
  func numbers() async throws {
    let notebook = try await OpenNotebook()
    for _ in 0..<3 {
      _ = await notebook.session.execute(
        ExecuteRequest(code: "var n = 1", silent: true, storeHistory: false, executionCount: 5), to: Quiet())
    }
    #expect(await notebook.run("n").text == "=1")
  }
}

private struct Quiet: CellOutput {
  func stream(_ stream: NotebookKernel.OutputStream, _ text: String) {}
  func display(_ bundle: MimeBundle, in place: String?) {}
  func updateDisplay(_ bundle: MimeBundle, in place: String) {}
  func result(_ bundle: MimeBundle) {}
  func page(_ bundle: MimeBundle) {}
  func clearOutput(wait: Bool) {}
  func input(prompt: String, isPassword: Bool) async throws(InputError) -> String { throw .notAllowed }
}
