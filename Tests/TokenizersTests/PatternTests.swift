import Testing
import Tokenizers

/// What Hugging Face's tokenizers 0.23 splits texts into by `Split(Regex(…), "isolated")`.
@Suite("A regular expression of a tokeniser's file")
struct PatternTests {
  private static let cases: [(source: String, pieces: [String])] = [
    ("^.", ["a", "b\n", "c", "d\r\n", "e", "f\u{2028}gh\n"]),
    (".$", ["a", "b", "\ncd", "\r", "\nef\u{2028}g", "h", "\n"]),
    (".+", ["ab", "\n", "cd\r", "\n", "ef\u{2028}gh", "\n"]),
    (#"\h+"#, ["ab", "\n", "cd", "\r\n", "ef", "\u{2028}gh\n"]),
    (#"\H+"#, ["ab", "\n", "cd", "\r\n", "ef", "\u{2028}gh\n"]),
    (#"[\hx]+"#, ["ab", "\n", "cd", "\r\n", "ef", "\u{2028}gh\n"]),
    (#"[^\h]+"#, ["ab", "\n", "cd", "\r\n", "ef", "\u{2028}gh\n"]),
    (#"[\H]+"#, ["ab", "\n", "cd", "\r\n", "ef", "\u{2028}gh\n"]),
    ("(?m).+", ["ab\ncd\r\nef\u{2028}gh\n"]),
    ("(?m).", ["a", "b", "\n", "c", "d", "\r", "\n", "e", "f", "\u{2028}", "g", "h", "\n"]),
    ("(?mi-x:B.)", ["a", "b\n", "cd\r\nef\u{2028}gh\n"]),
    ("(?m:b.)|f.", ["a", "b\n", "cd\r\ne", "f\u{2028}", "gh\n"]),
    ("(?:(?m)b.)|h.", ["a", "b\n", "cd\r\nef\u{2028}gh\n"]),
    ("(?-m).", ["a", "b", "\n", "c", "d", "\r", "\n", "e", "f", "\u{2028}", "g", "h", "\n"]),
    ("[(?m).]|h.", ["ab\ncd\r\nef\u{2028}gh\n"]),
    (#"[\s\S]"#, ["a", "b", "\n", "c", "d", "\r", "\n", "e", "f", "\u{2028}", "g", "h", "\n"]),
    (#"\\h"#, ["ab\ncd\r\nef\u{2028}gh\n"]),
  ]

  @Test("means what it means there: for lines, dots, hexadecimal digits and options", arguments: cases.indices)
  func meaning(_ index: Int) throws {
    let (source, pieces) = Self.cases[index]
    let text = "ab\ncd\r\nef\u{2028}gh\n"
    #expect(try PreTokenizer.split(TextPattern(regex: source), .isolated).pieces(of: text) == pieces, "\(source)")
  }
}
