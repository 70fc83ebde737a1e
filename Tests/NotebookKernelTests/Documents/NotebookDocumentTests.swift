import Foundation
import NotebookDisplay
import NotebookKernel
import Testing

@Suite("A notebook's file")
struct NotebookDocumentTests {
  private func document(_ text: String, _ name: String = "a.md") throws -> NotebookDocument {
    let folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-document-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: name)
    try Data(text.utf8).write(to: file)
    return try NotebookDocument(file: file.path)
  }

  private func problem(_ text: String, _ name: String = "a.md") -> String {
    do {
      _ = try document(text, name)
      return "none"
    } catch { return "\(error)".replacing(/^.*glassbox-document-[^\/]*\//, with: "") }
  }

  // As jupytext 1.19 reads the same text.
  @Test("in MyST has cells where `{code-cell}` stands, and other fences are text")
  func myst() throws {
    let text = """
      ---
      kernelspec:
        name: glassbox
      ---

      # Title

      ```{code-cell} swift
      :tags: [raises-exception, "b"]
      :other: 1

      let a = 1
      let b = 2
      ```

      +++

      second

      ````text
      ```{code-cell}
      no
      ```
      ````

      ```swift
      let notACell = 1
      ```

      +++ {"slide": 1}

      third
      ~~~{code-cell}
      ---
      tags: [c]
      ---
      plain
      ~~~
      """
    typealias Cell = NotebookDocument.Cell
    #expect(
      try document(text).cells == [
        Cell(kind: .markdown, source: "# Title", line: 6),
        Cell(kind: .code, source: "let a = 1\nlet b = 2", tags: ["raises-exception", "b"], line: 12),
        Cell(
          kind: .markdown,
          source: "second\n\n````text\n```{code-cell}\nno\n```\n````\n\n```swift\nlet notACell = 1\n```", line: 18),
        Cell(kind: .markdown, source: "third", line: 32),
        Cell(kind: .code, source: "plain", tags: ["c"], line: 37),
      ])
  }

  @Test("in plain Markdown has cells where Swift stands, but for what is marked")
  func plain() throws {
    let text =
      "Text\r\n\r\n```swift tags=[\"raises-exception\"]\r\n\r\nf()\r\n```\n```swift .noeval\ng()\n```\n```python\n1\n```\n"
    let cells = try document(text).cells
    #expect(cells.map(\.kind) == [.markdown, .code, .markdown])
    #expect(cells[1].source == "f()" && cells[1].tags == ["raises-exception"] && cells[1].line == 5)
  }

  @Test("in Jupyter's format has text as a string or lines, and tags")
  func jupyter() throws {
    let text = """
      {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
       {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# A\\n", "b"]},
       {"cell_type": "code", "id": "b", "metadata": {"tags": ["raises-exception"]}, "source": "1", "outputs": [], "execution_count": null},
       {"cell_type": "raw", "id": "c", "metadata": {}, "source": ""}]}
      """
    let cells = try document(text, "a.ipynb").cells
    #expect(
      cells.map(\.source) == ["# A\nb", "1", ""] && cells[1].tags == ["raises-exception"] && cells[2].kind == .raw)
  }

  @Test("that is wrong is named, with the place, what was expected and what was found")
  func wrong() {
    #expect(problem("text\n```swift\nlet a") == "a.md:2: the fence ``` is never closed")
    #expect(problem("---\na: b\n") == "a.md:1: the front matter that `---` opens is never closed")
    #expect(problem("", "a.txt") == "a.txt: expected a notebook in .ipynb or .md, found the ending \"txt\"")
    #expect(problem("{", "a.ipynb").hasPrefix("a.ipynb: the file: expected JSON: "))
    #expect(problem("{\"nbformat\": 3}", "a.ipynb").hasPrefix("a.ipynb: nbformat: expected 4, found "))
    #expect(problem("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"x\"}]}", "a.ipynb").contains("cells[0].cell_type"))
    #expect(problem("{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\"}]}", "a.ipynb").contains("cells[0].source"))
    #expect(throws: NotebookFileError.self) { try NotebookDocument(file: "/nowhere/a.md") }
  }
}

@Suite("A notebook that runs without a browser")
struct NotebookRunnerTests {
  /// Answers by the text of the cell.
  private struct Handler: KernelHandler {
    var info: KernelInfo {
      KernelInfo(implementation: "test", implementationVersion: "1", languageVersion: "6", banner: "")
    }
    func execute(_ request: ExecuteRequest, to output: any CellOutput) async -> ExecuteReply {
      output.stream(.stdout, "run ")
      output.stream(.stdout, request.code + "\n")
      output.stream(.stderr, "e")
      output.display(MimeBundle(text: "first"), in: "place")
      output.result(MimeBundle(text: "value", ["image/png": .data([1, 2, 3])]))
      output.updateDisplay(MimeBundle(text: "second"), in: "place")
      return request.code == "bad" ? .failed(CellError(name: "E", value: "v", traceback: ["t"])) : .ok()
    }
    func complete(_ code: String, cursor: Int) async -> CompleteReply { CompleteReply(matches: [], range: 0..<0) }
    func inspect(_ code: String, cursor: Int, detail: Int) async -> MimeBundle? { nil }
    func isComplete(_ code: String) async -> Completeness { .unknown }
    func history(_ request: HistoryRequest) async -> [HistoryEntry] { [] }
    func interrupt() async {}
    func shutdown(restart: Bool) async {}
  }

  private func run(_ text: String) async throws -> (ipynb: JSON, failure: String?) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "a.md").path
    try Data(text.utf8).write(to: URL(filePath: file))
    let (executed, failure) = await NotebookRunner(handler: Handler(), print: { _ in })
      .run(try NotebookDocument(file: file), file: "a.md")
    try executed.write(to: file + ".ipynb")
    return (try JSON(parsing: Array(Data(contentsOf: URL(filePath: file + ".ipynb")))), failure?.description)
  }

  @Test("leaves a notebook with its outputs")
  func outputs() async throws {
    let (notebook, failure) = try await run("# T\n```swift\na\n```\n")
    #expect(failure == nil && notebook["nbformat_minor"]?.integer == 5)
    let cells = try #require(notebook["cells"]?.array)
    #expect(cells.map { $0["cell_type"]?.string } == ["markdown", "code"] && cells[1]["execution_count"]?.integer == 1)
    #expect(
      cells[1]["outputs"] == [
        ["output_type": "stream", "name": "stdout", "text": "run a\n"],
        ["output_type": "stream", "name": "stderr", "text": "e"],
        ["output_type": "display_data", "data": ["text/plain": "second"], "metadata": [:]],
        [
          "output_type": "execute_result", "data": ["text/plain": "value", "image/png": "AQID"], "metadata": [:],
          "execution_count": 1,
        ],
      ])
  }

  @Test("stops at the first cell that fails, or that was to fail and did not")
  func failures() async throws {
    let (notebook, failure) = try await run("```swift\na\n```\n```swift\nbad\n```\n```swift\nlate\n```\n")
    #expect(failure == "a.md:5: E: v")
    let cells = try #require(notebook["cells"]?.array)
    #expect(cells[1]["outputs"]?.array?.last?["ename"] == "E" && cells[2]["outputs"] == [])
    #expect(try await run("```swift tags=[\"raises-exception\"]\nbad\n```\n").failure == nil)
    #expect(
      try await run("```swift tags=[\"raises-exception\"]\na\n```\n").failure
        == "a.md:2: the cell is tagged raises-exception, but it did not fail")
  }
}
