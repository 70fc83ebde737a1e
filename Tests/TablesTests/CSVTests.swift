import Foundation
import Tables
import Testing

@Suite("A CSV file")
struct CSVTests {
  /// Rows, or the lines of those that are bad.
  private func rows(_ text: String, _ format: CSVFormat = CSVFormat()) throws -> [[String]] {
    try rows(Array(text.utf8), format)
  }

  private func rows(_ bytes: [UInt8], _ format: CSVFormat = CSVFormat()) throws -> [[String]] {
    var reader = try CSVReader(bytes, file: "f.csv", format: format)
    var rows: [[String]] = []
    while true {
      do throws(TableError) {
        guard let row = try reader.next() else { return rows }
        rows.append(row.fields)
      } catch {
        rows.append(["\(error)"])
      }
    }
  }

  @Test("may have quotes, separators, doubled quotes and line ends in quotes")
  func quotes() throws {
    #expect(try rows("a,\"x,y\"\n\"\"\"q\"\"\",\"\"\n") == [["a", "x,y"], ["\"q\"", ""]])
    #expect(try rows("\"x\r\ny\nz\",1\n") == [["x\r\ny\nz", "1"]])
    #expect(try rows("5\" pipe,a\"b\"\n") == [["5\" pipe", "a\"b\""]])
  }

  @Test("may end lines with LF, CRLF or CR, and the last one with nothing", arguments: ["\n", "\r\n", "\r"])
  func lineEnds(_ end: String) throws {
    for last in ["", end] {
      #expect(try rows("a,b\(end)1,\(end)\(end)2,\(last)") == [["a", "b"], ["1", ""], ["2", ""]])
      #expect(try rows("a\(end)\"1\"\(last)") == [["a"], ["1"]])
    }
  }

  @Test("may begin with a byte order mark, and may hold none but bytes of Latin-1")
  func encodings() throws {
    #expect(try rows([0xef, 0xbb, 0xbf] + Array("é,1\n".utf8)) == [["é", "1"]])
    #expect(try rows([0xe9, 0x2c, 0x31], CSVFormat(encoding: .latin1)) == [["é", "1"]])
    #expect(try rows("x,\u{301}y\n\"\u{301},\",\u{85}\n") == [["x", "\u{301}y"], ["\u{301},", "\u{85}"]])
  }

  @Test("may have other marks, comments and spaces")
  func formats() throws {
    let format = CSVFormat(separator: ";", quote: "'", comment: "#", trimsSpaces: true)
    #expect(try rows("# no row\n a ; 'b ' ;\tc\n\n1;'x'';';\n", format) == [["a", "b ", "c"], ["1", "x';", ""]])
    #expect(try rows(" a , b \n") == [[" a ", " b "]])
    // A separator is no space, whatever is trimmed.
    let tabs = CSVFormat(separator: "\t", trimsSpaces: true)
    #expect(try rows(" a\t\t\"b\" \tc\t\n\t\t\t\t", tabs) == [["a", "", "b", "c", ""], ["", "", "", "", ""]])
  }

  @Test("names the line of a row that it cannot read, and goes on behind it")
  func bad() throws {
    #expect(
      try rows("a\n\"x\ny\" z,1\nb\n") == [
        ["a"],
        ["f.csv:2: expected a separator or the line's end after a quoted field, found other text."], ["b"],
      ])
    #expect(try rows("a\nb,\"c\nd\ne\n") == [["a"], ["f.csv:2: a quoted field does not end."], ["d"], ["e"]])
    #expect(
      try rows(Array("é\n".utf8) + [0x61, 0xc3, 0xa9, 0xff, 0x2c, 0x62, 0x0a, 0x63]) == [
        ["é"], ["f.csv:2: expected UTF-8, found other bytes at offset 6."], ["c"],
      ])
  }

  @Test("in UTF-16, absent, or a folder is refused by name")
  func refused() throws {
    #expect(throws: TableError.encoding(file: "f.csv", found: "UTF-16, by its byte order mark")) {
      try rows([0xfe, 0xff, 0, 0x61])
    }
    for path in ["/nonexistent/a.csv", "/tmp"] {
      let error = #expect(throws: TableError.self) { try CSVReader(URL(filePath: path)) }
      #expect("\(error.map(String.init(describing:)) ?? "")".hasPrefix("Cannot read \(path)"))
    }
  }

  // What is written by the rules is read as it was, whatever it holds.
  @Test("gives back any fields that were written by the rules")
  func roundTrip() throws {
    var generator = Lehmer(state: 7)
    let pieces = ["a", ",", "\"", "\n", "\r\n", "é", "👩‍👩‍👧", " ", "\u{301}", "1", ""]
    for _ in 0..<200 {
      func field() -> [UInt8] {
        (0..<Int.random(in: 0..<5, using: &generator)).flatMap { _ in
          Array((pieces.randomElement(using: &generator) ?? "").utf8)
        }
      }
      let written = (0..<5).map { _ in (0..<3).map { _ in field() } }
      let quote = UInt8(ascii: "\"")
      let lines = written.map { row in
        row.map { [quote] + $0.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote] }
          .joined(separator: [UInt8(ascii: ",")])
      }
      let read = try rows(Array(lines.joined(separator: Array("\r\n".utf8))))
      #expect(read.map { $0.map { Array($0.utf8) } } == written)
    }
  }
}

/// A small generator of random numbers that gives the same ones in every run.
struct Lehmer: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state ^ (state >> 29)) &* 0xbf58_476d_1ce4_e5b9
  }
}
