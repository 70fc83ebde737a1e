import Foundation
import NotebookKernel
import Testing

@Suite("A cell's names are completed", .serialized)
struct CompletionTests {
  @Test("members of values, types and enumerations")
  func members() async throws {
    let notebook = try await AssistedNotebook()
    let sums = try await notebook.complete("let t = Tensor.ones([2, 2])\nt.su|")
    #expect(sums.matches.contains("sum()") && sums.matches.contains("sum(axis: "))
    #expect(sums.matches.allSatisfy { $0.lowercased().hasPrefix("su") })
    #expect(sums.range == 30..<32)
    #expect(sums.type(of: "sum(axis: ") == "function" && sums.type(of: "summary") == "property")
    #expect(
      sums.signature(of: "sum(axis: ")?.split(separator: "\n").contains(
        "(axis: Int, keepingDimensions: Bool) -> Tensor") == true)
    // The next is at the same place, behind something else.
    let numbers = try await notebook.complete("let t = 17             /**/\nt.su|")
    #expect(numbers.matches.contains("subtractingReportingOverflow("))
    #expect(!numbers.matches.contains("sum()"))

    #expect(try await notebook.complete("let d: DType = .fl|").matches == ["float32", "float64"])
    let tensors = try await notebook.complete("Tensor.on|")
    #expect(tensors.matches.contains("ones("))
    #expect(tensors.matches.allSatisfy { !$0.contains(",") && !$0.contains("<#") })
    #expect(Set(tensors.matches).count == tensors.matches.count)
  }

  @Test("all members of a type that has more than the server gives at a time")
  func manyMembers() async throws {
    let notebook = try await AssistedNotebook()
    let all = try await notebook.complete("let t = Tensor.ones([2, 2])\nt.|")
    #expect(all.matches.count > 200)
    let names = all.matches.map { $0.prefix { $0 != "(" }.lowercased() }
    #expect(names == names.sorted())
    for name in ["abs()", "matmul(", "tanh()", "shape", "var(axis: ", "unfolded("] {
      let some = try await notebook.complete("let t = Tensor.ones([2, 2])\nt.\(name.prefix(3))|")
      for match in some.matches { #expect(all.matches.contains(match)) }
    }
    #expect(all.matches.contains("tanh()") && all.matches.contains("shape"))
  }

  @Test("what earlier cells declare, and the cell itself before")
  func earlierCells() async throws {
    let notebook = try await AssistedNotebook()
    try await notebook.add(
      "var hiddenUnits = 3\nstruct Layer { var hiddenSize = 1 }\nfunc hide(the value: Int, in n: Int = 1) {}")
    try await notebook.add("let hiddenUnits = \"\"")
    let names = try await notebook.complete("let hiddenHere = 1\nhid|")
    #expect(Set(names.matches) == ["hiddenHere", "hiddenUnits", "hide(the: "])
    #expect(names.type(of: "hide(the: ") == "function")
    #expect(try await notebook.complete("hiddenUnits.upperc|").matches.contains("uppercased()"))
    #expect(try await notebook.complete("Layer().hid|").matches == ["hiddenSize"])
    #expect(try await notebook.complete("lay|").matches.contains("Layer"))
    #expect(try await notebook.complete("lay|").type(of: "Layer") == "struct")
  }

  @Test("labels of arguments, keywords, and calls that have their parenthesis")
  func labelsAndKeywords() async throws {
    let notebook = try await AssistedNotebook()
    try await notebook.add("func twice(number: Int, times: Int = 2) -> Int { number * times }")
    let labels = try await notebook.complete("twice(|")
    #expect(labels.matches.contains("number: "))
    #expect(labels.type(of: "number: ") == "param")
    #expect(try await notebook.complete("twice(number: 1, ti|").matches.contains("times: "))
    #expect(try await notebook.complete("twi|(number: 1)").matches == ["twice"])
    let guards = try await notebook.complete("gua|")
    #expect(guards.matches == ["guard"] && guards.type(of: "guard") == "keyword")
  }

  @Test("behind emoji and combining marks, and in the middle of a name")
  func positions() async throws {
    let notebook = try await AssistedNotebook()
    let reply = try await notebook.complete("let 🙂 = \"e\u{301}👩‍👩‍👧\"; /* 𝒳 */ 🙂.upperc|\n// ä")
    #expect(reply.matches.contains("uppercased()"))
    let count = "let 🙂 = \"e\u{301}👩‍👩‍👧\"; /* 𝒳 */ 🙂.".unicodeScalars.count
    #expect(reply.range == count..<count + 6)
    // What stands behind the cursor stays.
    let middle = try await notebook.complete("\"😀\".upp|ercased()")
    #expect(middle.matches.contains("uppercased()"))
    #expect(middle.range == 4..<7)
    #expect(try await notebook.complete("let ünïts = 1; 'x'\r\n\r\nünï|").matches == ["ünïts"])
  }

  @Test("members of an optional, which replace the point as well")
  func optionals() async throws {
    let notebook = try await AssistedNotebook()
    let reply = try await notebook.complete("let word: String? = nil\nword.ma|")
    #expect(reply.matches.contains(".map("))
    #expect(reply.range == 28..<31)
    let unwrapping = try await notebook.complete("let word: String? = nil\nword.uppercase|")
    #expect(unwrapping.matches.contains("?.uppercased()"))
    #expect(unwrapping.range == 28..<38)
  }

  @Test("modules that cells can import")
  func imports() async throws {
    let notebook = try await AssistedNotebook()
    try await notebook.add("let x = 1")
    let modules = try await notebook.complete("import |")
    #expect(modules.matches.contains("TensorCore") && modules.matches.contains("Foundation"))
    #expect(modules.type(of: "TensorCore") == "module")
    #expect(!modules.matches.contains { $0.hasSuffix("Tests") || $0.hasPrefix("Cell_") || $0 == "glassbox" })
    #expect(try await notebook.complete("import Tens|").matches.sorted() == ["TensorCore", "TensorIO"])
  }

  @Test("commands of the kernel, without the server")
  func magics() async throws {
    let notebook = try await AssistedNotebook()
    let reply = try await notebook.complete("%ti|\nlet x = 1")
    #expect(reply.matches == ["%time", "%timeit"] && reply.range == 0..<3)
    #expect(try await notebook.complete("%%|").matches == ["%%html"])
    #expect(await notebook.assistant.serverID == nil)
    #expect(try await notebook.complete("%time\nlet value = 1\nval|").matches.contains("value"))
    #expect(try await !notebook.complete("let value = 8\n%ti|").matches.contains("%time"))
  }

  @Test("not in comments, strings and numbers")
  func text() async throws {
    let notebook = try await AssistedNotebook()
    for marked in ["// pri|", "\"pri|\"", "/* pri| */", "1|", "0x1f|"] {
      #expect(try await notebook.complete(marked).matches == [], "\(marked)")
    }
    #expect(try await notebook.complete("\"\\(prin|)\"").matches.contains("print("))
    #expect(try await notebook.complete("/* a */ prin|").matches.contains("print("))
  }
}
