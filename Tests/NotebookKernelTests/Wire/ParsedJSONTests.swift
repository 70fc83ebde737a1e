import Foundation
import NotebookDisplay
import NotebookKernel
import Testing

@Suite("JSON that is parsed")
struct ParsedJSONTests {
  static let value: JSON = [
    "text": "a \"quote\", a \\, a line\n, \u{1}\u{1f}\u{7f}, é, 🦉, \u{2028}", "numbers": [0, -7, 1.5, 1e-300, 1e300],
    "flags": [true, false, nil], "empty": [[:], [], ""],
  ]

  @Test("is what it was after writing and parsing")
  func roundTrip() throws {
    #expect(try JSON(parsing: Self.value.encoded) == Self.value)
  }

  @Test("is not made of damaged text", arguments: ["", "{", "{\"a\":}", "nul", "[1 2]", "\u{feff}x", "{\"a\":1}{"])
  func damaged(_ text: String) {
    #expect(throws: (any Error).self) { try JSON(parsing: Array(text.utf8)) }
  }

  @Test("is not made of text nested beyond measure")
  func deep() {
    let text = String(repeating: "[", count: 200_000) + String(repeating: "]", count: 200_000)
    #expect(throws: (any Error).self) { try JSON(parsing: Array(text.utf8)) }
  }
}
