import Foundation
import Tables
import Testing

@Suite("Reading a table")
struct TableReadingTests {
  @Test("infers what columns hold, and takes other kinds")
  func kinds() throws {
    let csv = "n,d,c,t,e\n1,2024-02-29,x,\(String(repeating: "y", count: 3)),\n-2.5e1,2024-03-01 12:00,?,z,NA\n"
    let table = try Table.read(csv: csv).table
    #expect(table.kinds == [.number, .date, .category, .category, .number])
    #expect(table["n"].numbers == [1, -25])
    #expect(table["d"].texts == ["2024-02-29", "2024-03-01 12:00:00"])
    #expect(table["c"].texts == ["x", nil])
    #expect(table["e"].missingCount == 2)
    let other = try Table.read(csv: csv, kinds: ["n": .category, "t": .text, "d": .text]).table
    #expect(other.kinds == [.category, .text, .category, .text, .number])
    #expect(other["n"].levels == ["-2.5e1", "1"])
  }

  @Test("takes many different texts for text, and not for categories")
  func text() {
    #expect(ColumnKind.inferred(from: (0..<21).map { "a\($0)" }) == .text)
    #expect(ColumnKind.inferred(from: (0..<42).map { "a\($0 % 21)" }) == .category)
    #expect(ColumnKind.inferred(from: (0..<4000).map { "a\($0 % 1001)" }) == .text)
    for field in ["0x10", "inf", "1e999", "1,5", "--1", "", " 1"] {
      #expect(ColumnKind.inferred(from: [field]) != .number)
    }
  }

  @Test("names the rows that do not fit, with file and line, and skips or refuses them")
  func badRows() throws {
    let csv = "a,b\n1,2\n3\n\"4\n\",5,6\nx,7\n8,\"9\n10,11\n"
    let reading = try Table.read(csv: csv, file: "f.csv", format: CSVFormat(badRows: .skip), kinds: ["a": .number])
    #expect(
      reading.skipped.map(\.description) == [
        "f.csv:3: expected 2 fields, found 1.", "f.csv:4: expected 2 fields, found 3.",
        "f.csv:6: expected a number in the column \"a\", found \"x\".", "f.csv:7: a quoted field does not end.",
      ])
    #expect(reading.table["a"].numbers == [1, 10])
    #expect(reading.table["b"].numbers == [2, 11])
    #expect(reading.description.hasPrefix("f.csv: 2 rows of 2 columns, 4 skipped."))
    let row = BadRow(file: "f.csv", line: 3, problem: .fieldCount(expected: 2, found: 1))
    #expect(throws: TableError.badRow(row)) { try Table.read(csv: csv, file: "f.csv") }
    let value = BadRow(file: "CSV", line: 3, problem: .value(column: "a", expected: .date, found: "2023-02-30"))
    #expect(throws: TableError.badRow(value)) { try Table.read(csv: "a\n?\n2023-02-30\n", kinds: ["a": .date]) }
  }

  @Test("takes names from the first row, or from whoever reads")
  func header() throws {
    #expect(try Table.read(csv: "a,\n1,2\n").table.names == ["a", "column2"])
    #expect(try Table.read(csv: "1,2\n", format: CSVFormat(header: .names(["a", "b"]))).table.names == ["a", "b"])
    let replaced = try Table.read(csv: "x,x\n1,2\n", format: CSVFormat(header: .replaced(["a", "b"])))
    #expect(replaced.table.names == ["a", "b"] && replaced.table.rowCount == 1)
    #expect(try Table.read(csv: "39,x\n40,y\n").hasNumbersAsNames)
    let error = #expect(throws: TableError.self) { try Table.read(csv: "\nx,x\n1,2\n") }
    #expect(error?.description.hasPrefix("CSV:2: two columns are named \"x\"") == true)
    #expect(throws: TableError.missingColumn("z", present: ["a"])) {
      try Table.read(csv: "a\n1\n", kinds: ["z": .text])
    }
  }

  @Test("refuses a file without rows", arguments: ["", "\n\n", "a,b\n"])
  func empty(_ csv: String) {
    #expect(throws: TableError.empty(file: "CSV")) { try Table.read(csv: csv) }
  }

  @Test("says on which line each row begins, whatever stands between, and which were left out")
  func lines() throws {
    let csv = "a,b\n\n1,\"x\ny\"\n2\n# no row\n3,z\nfour,w\n5,v\n"
    let reading = try Table.read(csv: csv, format: CSVFormat(comment: "#", badRows: .skip), kinds: ["a": .number])
    #expect(reading.table["a"].numbers == [1, 3, 5] && reading.lines == [3, 7, 9])
    #expect(reading.skipped.map(\.line) == [5, 8])
  }

  @Test("takes 32,000 rows of 15 columns")
  func many() throws {
    let row =
      "39,State-gov,77516,Bachelors,13,Never-married,Adm-clerical,Not-in-family,White,Male,2174,0,40,Cuba,<=50K\n"
    let names = (0..<15).map { "c\($0)" }
    let csv = String(repeating: row, count: 32_000)
    let reading = try Table.read(csv: csv, format: CSVFormat(header: .names(names)))
    #expect(reading.table.rowCount == 32_000 && reading.lines == Array(1...32_000) && reading.skipped.isEmpty)
    #expect(Set(reading.table["c13"].texts) == ["Cuba"] && Set(reading.table["c2"].numbers) == [77_516])
  }
}
