import NotebookDisplay
import NotebookKernel
import Testing

@Suite("A name is explained", .serialized)
struct InspectionTests {
  @Test("by its documentation, for names of the library")
  func library() async throws {
    let notebook = try await AssistedNotebook()
    let relu = try #require(try await notebook.inspect("Tensor([1.0]).re|lu()"))
    #expect(relu.contains("func relu() -> Tensor") && relu.contains("max(xᵢ, 0)"))
    let linear = try #require(try await notebook.inspect("let l = Linear|(3, 2)"))
    #expect(linear.contains("class Linear") && linear.contains("[..., inputs] → [..., outputs]"))
    #expect(try await notebook.inspect("matmul|")?.contains("The matrix product") == true)
    #expect(try await notebook.inspect("Chart.lines|([\"a\": [1.0]])")?.contains("A line for each name") == true)
    #expect(try await notebook.inspect("Tensor.ones|")?.contains("static func ones") == true)
  }

  @Test("in text and in Markdown")
  func types() async throws {
    let notebook = try await AssistedNotebook()
    let bundle = try #require(
      await notebook.assistant.inspect("Tensor([1.0]).relu()", cursor: 16, detail: 1, prologue: await notebook.prologue)
    )
    #expect(bundle.text.hasPrefix("func relu() -> Tensor\n\nThe rectifier"))
    #expect(!bundle.text.contains("```"))
    #expect(bundle.entries.keys.sorted() == ["text/markdown", "text/plain"])
  }

  @Test("by its comment, for names of earlier cells and of the cell")
  func cells() async throws {
    let notebook = try await AssistedNotebook()
    try await notebook.add(
      """
      /// How many times.
      var count = 3
      /// Doubles a number.
      /// - Returns: twice it
      func twice(_ n: Int) -> Int { n * 2 }
      struct Point {
        /// The distance from 0.
        func norm() -> Double { 0 }
      }
      """)
    try await notebook.add("let other = 1")
    #expect(try await notebook.inspect("tw|ice(1)")?.contains("Doubles a number.") == true)
    #expect(try await notebook.inspect("Point().norm|()")?.contains("The distance from 0.") == true)
    let count = try #require(try await notebook.inspect("count| + 1"))
    #expect(count.contains("var count: Int") && count.contains("How many times."))
    #expect(try await notebook.inspect("/// Of this cell.\nlet own = 1\nown|")?.contains("Of this cell.") == true)
    // The newest of a name counts, which has none.
    try await notebook.add("let count = \"\"")
    #expect(try await notebook.inspect("count|") == "```swift\nlet count: String\n```\n")
  }

  @Test("by its function, where there are arguments")
  func arguments() async throws {
    let notebook = try await AssistedNotebook()
    for marked in [
      "Tensor([1.0]).sum(|", "Tensor([1.0]).sum(axis: |)", "Tensor([1.0]).sum()|", "Tensor([1.0]).sum(axis: 0|)",
    ] {
      let text = try await notebook.inspect(marked) ?? ""
      #expect(
        text.contains("sum(ax") && text.contains("keepingDimensions: Bool = false) -> Tensor"), "\(marked): \(text)")
    }
    let linear = try #require(try await notebook.inspect("let l = Linear(|"))
    #expect(linear.contains("init(_ inputs: Int, _ outputs: Int") && linear.contains("An affine map"))
    #expect(try await notebook.inspect("print(\"(|\")")?.contains("Writes the textual representations") == true)
  }

  @Test("nowhere else")
  func nothing() async throws {
    let notebook = try await AssistedNotebook()
    for marked in ["|", "// matmul|", "%time| 3", "1 + |", "\"matmul|\"", "noSuchName|"] {
      #expect(try await notebook.inspect(marked) == nil, "\(marked)")
    }
  }
}
