import Applications
import Foundation
import Tables
import TensorIO
import Testing

@Suite("Labelled texts from files")
struct TextReadingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ name: String, _ rows: [String]) throws -> URL {
    try Data((["text,class"] + rows).joined(separator: "\n").utf8).write(to: folder.file(name))
    return folder.file(name)
  }

  @Test("need two columns, one of texts and one of classes")
  func columns() throws {
    let table = try write("a.csv", ["good,yes", "bad,no"])
    let error = #expect(throws: TableError.self) { try TextReading(table: table, text: "text", target: "text") }
    #expect("\(try #require(error))".contains("\"text\" can't hold both the texts and their classes"))
  }

  @Test("need texts to learn from and texts to test on")
  func parts() throws {
    func found(_ reading: () throws -> TextReading) throws -> String {
      "\(try #require(throws: FileError.self) { try reading() })"
    }
    // A fifth of two is none.
    let two = try write("two.csv", ["good,yes", "fine,yes"])
    let few = try found { try TextReading(table: two, text: "text", target: "class") }
    #expect(few.contains("texts in classes, to learn from and to test on, found 2 and 0 that can be used"))
    let other = try write("other.csv", ["strange,perhaps"])
    let none = try found { try TextReading(table: two, text: "text", target: "class", test: other, onBadInput: .skip) }
    #expect(none.contains("found 2 and 0 that can be used"))
    let single = try write("single.csv", ["good,yes", "bad,no"])
    let empty = try found { try TextReading(table: single, text: "text", target: "class", onBadInput: .skip) }
    #expect(empty.contains("found 0 and 0 that can be used"))
  }
}
