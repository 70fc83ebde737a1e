import CellRewriting
import Testing

@Suite("Completeness")
struct CompletenessTests {
  @Test(
    "lets complete code run",
    arguments: [
      "", "// a comment", "let x = 1", "func f() {\n}", "%time\nlet x = 1", "x.map { $0 }",
      "let s = \"\"\"\n  a\n  \"\"\"",
    ])
  func complete(_ source: String) { #expect(Completeness(of: source) == .complete) }

  @Test(
    "waits for the rest of incomplete code, with the next line's indentation",
    arguments: [
      ("func f() {", "  "), ("struct S {\n  func f() {\n    let x = 1", "    "), ("let xs = [\n  1,", "  "),
      ("let x =", ""),
      ("f(1,", ""), ("xs.map { x in", "  "), ("1 +", ""), ("let s = \"\"\"\n  text", "  "),
      ("switch x {\ncase 1:", "  "),
      ("/* a comment", ""), ("#if os(Linux)\nlet x = 1", ""), ("func f()\n{", "  "),
    ])
  func incomplete(_ source: String, _ indentation: String) {
    #expect(Completeness(of: source) == .incomplete(indentation: indentation), "\(source)")
  }

  @Test(
    "says that wrong code will not become right",
    arguments: ["let x = )", "}", "let s = \"abc", "func 1() {", "let let = 1\n{"])
  func invalid(_ source: String) { #expect(Completeness(of: source) == .invalid) }
}
