import CellRewriting
import NotebookDisplay
import NotebookKernel
import Testing

@Suite("Text around the cursor")
struct AssistanceTextTests {
  private func surroundings(_ marked: String) -> (CellCursor, String) {
    let parts = marked.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    let code = parts.joined()
    return (CellCursor(code, at: parts[0].utf8.count), code)
  }

  @Test(
    "the word at the cursor",
    arguments: [
      ("rel|u", "relu"), ("|relu", "relu"), ("relu|", "relu"), ("x.sum| + 1", "sum"), ("x.| + 1", nil), ("1 + |", nil),
      ("let 🙂e\u{301}| = 1", "🙂e\u{301}"), ("`default`| = 1", "`default`"), ("gu|ard", "guard"), ("$0|", "$0"),
      ("let x = (|)", nil), ("|", nil), ("\n\n| let", nil), ("f(a|b: 1)", "ab"), ("12|", nil),
    ])
  func word(marked: String, expected: String?) {
    let (cursor, code) = surroundings(marked)
    #expect(cursor.word.map { code[utf8: $0] } == expected)
  }

  @Test(
    "the function that is called around the cursor",
    arguments: [
      ("f(|", "f"), ("f(|)", "f"), ("f()|", "f"), ("f|()", nil), ("f() |", nil), ("f(g(1), |)", "f"),
      ("a([1]).f(x: |)", "f"),
      ("f(g(1|), 2)", "g"),
      ("a.b.sum(axis: |", "sum"), ("f([1, (2|)])", "f"), ("x?.f(|)", "f"), ("Array<Int>(|)", "Array"),
      ("f(\"(|\")", "f"),
      ("f(1) { g(|) }", "g"), ("f { | }", nil), ("let x = 1\n|", nil),
    ])
  func callee(marked: String, expected: String?) {
    let (cursor, code) = surroundings(marked)
    #expect(cursor.callee.map { code[utf8: $0] } == expected)
  }

  @Test(
    "what is not code",
    arguments: [
      ("// a|", true), ("a // |", true), ("/* | */ a", true), ("/* */| a", false), ("\"a|\"", true),
      ("\"\\(a|)\"", false),
      ("/// a|\nlet b = 1", true), ("/// a\n|let b = 1", false), ("3.1|", true), ("x.0|", true), ("a|", false),
    ])
  func text(marked: String, expected: Bool) {
    #expect(surroundings(marked).0.isInText == expected)
  }

  @Test(
    "a line for the kernel",
    arguments: [
      ("%ti|me", "%ti"), ("  %|", "%"), ("%a\n%b|", "%b"), ("%%html|\n<b>", "%%html"), ("%a\nx|", nil), ("x\n%a|", nil),
      ("|%a", nil),
    ])
  func command(marked: String, expected: String?) {
    let (cursor, code) = surroundings(marked)
    #expect(cursor.command.map { code[utf8: $0] } == expected)
  }

  @Test("positions as the server counts, behind the imports")
  func positions() {
    let code = "let 🙂 = 1\r\nlet é = 2; 𝒳"
    let document = CellDocument(prologue: "import A\nimport B\n", code: code, padding: 1)
    #expect(document.text == "import A\nimport B\n\nlet 🙂 = 1 \nlet é = 2; 𝒳\n")
    #expect(document.position(0) == ["line": 3, "character": 0])
    #expect(document.position("let 🙂".utf8.count) == ["line": 3, "character": 6])
    #expect(document.position(code.utf8.count) == ["line": 4, "character": 13])
    #expect(CellDocument(prologue: "", code: "a").position(1) == ["line": 0, "character": 1])
  }

  @Test("offsets of scalars")
  func scalars() {
    let code = "e\u{301}🙂x"
    #expect((0...5).map { code.offset(ofScalar: $0) } == [0, 1, 3, 7, 8, 8])
    #expect([0, 1, 3, 7, 8].map { code.scalar(atOffset: $0) } == [0, 1, 2, 3, 4])
  }

  private func completion(_ filter: String, inserted: String = "", kind: Int = 3, isCalled: Bool = false) -> Completion?
  {
    let item: JSON = [
      "label": .string(filter), "filterText": .string(filter), "kind": .integer(kind), "insertText": .string(inserted),
    ]
    return Completion(item, isCalled: isCalled)
  }

  @Test("what a completion inserts")
  func insertions() {
    #expect(completion("f()")?.text == "f()")
    #expect(completion("f(:)")?.text == "f(")
    #expect(completion("f(a:b:)")?.text == "f(a: ")
    #expect(completion("f(a:b:)", isCalled: true)?.text == "f")
    #expect(completion("a:b:")?.text == "a: ")
    #expect(completion("a:b:")?.kind == "param")
    #expect(completion(".f(a:)", inserted: "?.f(a: )")?.text == "?.f(a: ")
    #expect(completion("x", kind: 6)?.kind == "instance")
    #expect(completion("🙂", kind: 6)?.text == "🙂")
    for filter in ["+", "[a:]", "(:)", ":", "\"text\"", ""] { #expect(completion(filter) == nil) }
  }

  @Test("overloads that begin alike are one match, and optionals replace the point")
  func replies() {
    let all = [completion("f(:)"), completion("f(:b:)"), completion("g", kind: 6)].compactMap(\.self)
    let reply = CompleteReply(all, replacing: 2..<3)
    #expect(reply.matches == ["f(", "g"] && reply.range == 2..<3)
    #expect(reply.signature(of: "f(") == "(:)\n(:b:)")
    let unwrapping = CompleteReply(
      all + [completion(".h", inserted: "?.h", kind: 6)].compactMap(\.self), replacing: 2..<3)
    #expect(unwrapping.matches == [".f(", ".g", "?.h"] && unwrapping.range == 1..<3)
  }

  @Test("comments on variables at the top")
  func comments() {
    let variables = VariableComments(
      in: """
        /// One,
        /// of two lines.
        public let (a, b) = (1, 2)
        /** Two. */ var c = 1
        // No documentation.
        var d = 1
        /// About nothing.

        var e = 1
        struct S { /// No.
          var f = 1 }
        """)
    #expect(variables.comment(on: "b") == "One,\nof two lines.")
    #expect(variables.comment(on: "c") == "Two.")
    #expect(variables.comment(on: "d") == "" && variables.comment(on: "e") == "")
    #expect(variables.comment(on: "f") == nil)
  }
}

@Suite("Messages between headers")
struct MessageFramingTests {
  @Test("come whole, however they are cut")
  func pieces() throws {
    let bytes = MessageFraming.frame(Array("{\"a\":1}".utf8)) + Array("content-length:2\r\nX: y\r\n\r\n{}".utf8)
    for size in 1...bytes.count {
      var framing = MessageFraming()
      var found: [[UInt8]] = []
      for start in stride(from: 0, to: bytes.count, by: size) {
        found += try framing.messages(adding: Array(bytes[start..<min(start + size, bytes.count)]))
      }
      #expect(found.map { String(decoding: $0, as: UTF8.self) } == ["{\"a\":1}", "{}"])
    }
  }

  @Test(
    "that are none are refused",
    arguments: [
      "Content-Length: -1\r\n\r\n", "Content-Length: x\r\n\r\n", "Content-Length: 99999999999\r\n\r\n",
      "Type: a\r\n\r\n",
      "no header\r\n\r\n", "\r\n\r\n", String(repeating: "x", count: 5000),
    ])
  func broken(text: String) {
    var framing = MessageFraming()
    #expect(throws: MessageFraming.Broken.self) { try framing.messages(adding: Array(text.utf8)) }
  }
}
