import Foundation
import NotebookKernel
import Testing

@Suite("A JSON value")
struct JSONValueTests {
  static let value: JSONValue = [
    "text": "a \"quote\", a \\, a line\n, \u{1}\u{1f}\u{7f}, é, 🦉, \u{2028}", "numbers": [0, -7, 1.5, 1e-300, 1e300],
    "flags": [true, false, nil], "empty": [[:], [], ""],
  ]

  @Test("is what it was after writing and parsing")
  func roundTrip() throws {
    #expect(try JSONValue(parsing: Self.value.encoded) == Self.value)
  }

  @Test("is read by Foundation as it was meant")
  func foundation() throws {
    let read = try #require(try JSONSerialization.jsonObject(with: Data(Self.value.encoded)) as? [String: Any])
    #expect(read["text"] as? String == Self.value["text"]?.string)
    #expect(read["numbers"] as? [Double] == [0, -7, 1.5, 1e-300, 1e300])
  }

  @Test("has null for numbers that JSON does not have")
  func infinities() {
    let value: JSONValue = [.number(.nan), .number(.infinity), .number(2)]
    #expect(String(decoding: value.encoded, as: UTF8.self) == "[null,null,2.0]")
  }

  @Test(
    "is not made of damaged text",
    arguments: [
      "", "{", "{\"a\":}", "nul", "[1 2]", "\u{feff}x", "{\"a\":1}{", "01", "-", "1.", ".5", "+1", "1e", "1e999",
      "[1,]",
      "{\"a\":1,}", "\"\\x\"", "\"\\ud83e\"", "\"\\udd89\\ud83e\"", "\"\n\"", "\"", "\"\\", "NaN", "tru", "{1:2}",
      "\"\\u12\"",
    ])
  func damaged(_ text: String) {
    #expect(throws: (any Error).self) { try JSONValue(parsing: Array(text.utf8)) }
  }

  @Test("is not made of text that is not UTF-8")
  func encoding() {
    #expect(throws: (any Error).self) { try JSONValue(parsing: [0x22, 0xff, 0x22]) }
  }

  @Test("is what Foundation makes of a text")
  func agreement() throws {
    let text = """
       { "a\\u0041\\ud83e\\udd89\\/\\b\\f\\n\\r\\t\\"" : [ -0.5 , 1E+2, 0, -0, 9007199254740993, 1e-7 ], "é🦉": {"x": null}}
      """
    let own = try JSONValue(parsing: Array(text.utf8))
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(own.object?.keys.sorted() == object.keys.sorted())
    let key = "aA🦉/\u{8}\u{c}\n\r\t\""
    #expect(own[key] == [-0.5, 100, 0, 0, 9_007_199_254_740_993, 1e-7])
    let numbers = try #require(object[key] as? [NSNumber])
    #expect(numbers.map(\.doubleValue) == [-0.5, 100, 0, 0, 9_007_199_254_740_992, 1e-7])
    #expect(numbers[4].intValue == own[key]?.array?[4].integer)
    #expect(own["é🦉"] == ["x": nil])
  }

  @Test("is not made of text nested beyond measure")
  func deep() {
    let text = String(repeating: "[", count: 200_000) + String(repeating: "]", count: 200_000)
    #expect(throws: (any Error).self) { try JSONValue(parsing: Array(text.utf8)) }
  }
}
