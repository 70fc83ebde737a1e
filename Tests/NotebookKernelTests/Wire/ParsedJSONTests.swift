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

  @Test(
    "is not made of damaged text",
    arguments: ["", "{", "{\"a\":}", "nul", "[1 2]", "\u{feff}x", "{\"a\":1}{", "01", "-", "1e", "tru"])
  func damaged(_ text: String) {
    #expect(throws: (any Error).self) { try JSON(parsing: Array(text.utf8)) }
  }

  @Test("is not made of text that is not UTF-8")
  func encoding() {
    #expect(throws: (any Error).self) { try JSON(parsing: [0x22, 0xff, 0x22]) }
  }

  @Test("keeps whole numbers, flags and fractions apart")
  func kinds() throws {
    let text = "[0, 1, -1, true, false, 9007199254740993, 0.5, 1e-7, 18446744073709551616, null]"
    #expect(
      try JSON(parsing: Array(text.utf8)).array == [
        .integer(0), .integer(1), .integer(-1), .bool(true), .bool(false), .integer(9_007_199_254_740_993),
        .number(0.5),
        .number(1e-7), .number(18_446_744_073_709_551_616), .null,
      ])
  }

  @Test("is not made of text nested beyond measure")
  func deep() {
    let text = String(repeating: "[", count: 200_000) + String(repeating: "]", count: 200_000)
    #expect(throws: (any Error).self) { try JSON(parsing: Array(text.utf8)) }
  }
}
