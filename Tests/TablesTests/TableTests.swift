import Foundation
import NotebookDisplay
import Tables
import Testing

@Suite("A table")
struct TableTests {
  let table = Table([
    Column("name", text: ["Ida", "Max", nil, "<b>"]), Column("age", numbers: [39, .nan, 53, 7]),
    Column("sex", categories: ["f", "m", "f", nil]), Column("day", .dates([0, 86400, .nan, -86400])),
  ])

  @Test("gives columns and rows by name, position and condition")
  func selection() throws {
    #expect(table.selecting(["age", "name"]).names == ["age", "name"])
    #expect(table.dropping(["age"]).names == ["name", "sex", "day"])
    #expect(table.rows(at: [2, 0])["age"].numbers == [53, 39])
    #expect(table.rows(at: [2, 0])["name"].texts == [nil, "Ida"])
    #expect(table.first(2)["day"].texts == ["1970-01-01", "1970-01-02"])
    #expect(table.filtered { $0.text("sex") == "f" }["age"].numbers == [39, 53])
    #expect(table.filtered { ($0.number("age") ?? 0) < 40 }.rowCount == 3)
    #expect(table.column("none") == nil)
    let more = try table.appending(table)
    #expect(more.rowCount == 8 && more["sex"].texts == table["sex"].texts + table["sex"].texts)
    #expect(throws: TableError.missingColumn("age", present: ["name"])) {
      try table.appending(table.selecting(["name"]))
    }
  }

  @Test("has columns of other kinds, where their values have a place there")
  func conversion() throws {
    #expect(try table.converting("age", to: .category)["age"].levels == ["39", "53", "7"])
    #expect(
      try table.converting("age", to: .category).converting("age", to: .number)["age"].texts == ["39", nil, "53", "7"])
    #expect(try table.converting("day", to: .text)["day"].texts == ["1970-01-01", "1970-01-02", nil, "1969-12-31"])
    #expect(throws: TableError.unusable(column: "name", reason: "holds \"Ida\", which is no number")) {
      try table.converting("name", to: .number)
    }
  }

  @Test("stops for columns of different lengths, and for names that are not there")
  func mistakes() async {
    let lengths = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Table([Column("a", numbers: [1]), Column("b", numbers: [])])
    }
    let words = String(decoding: lengths?.standardErrorContent ?? [], as: UTF8.self)
    #expect(words.contains("\"b\" has 0 rows"))
    let name = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Table([Column("a", numbers: [1])])["b"]
    }
    let message = String(decoding: name?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("use one of [\"a\"]"))
  }

  @Test("is shown as text and as a table in HTML, with nothing in it taken for HTML")
  func display() {
    let lines = [
      "   name     age  sex       day", "   text  number  category  date",
      "0  Ida       39  f         1970-01-01", "1  Max        ·  m         1970-01-02", "2 rows × 4 columns",
    ]
    #expect(table.first(2).description == lines.joined(separator: "\n"))
    guard case .text(let html)? = table.notebookDisplay["text/html"] else {
      Issue.record("no HTML")
      return
    }
    #expect(html.contains("&lt;b&gt;") && !html.contains("<b>"))
    #expect(html.components(separatedBy: "<tr>").count == 1 + 2 + 4)
    let long = Table([Column("i", numbers: (0..<100).map(Double.init))])
    #expect(long.description.split(separator: "\n").count == 2 + 11 + 1)
  }

  @Test("describes its columns")
  func description() {
    let described = table.describe()
    #expect(described["age"]?.quartiles == [7, 23, 39, 46, 53])
    #expect(described["age"]?.mean == 33)
    #expect(abs((described["age"]?.standardDeviation ?? 0) - 556.0.squareRoot()) < 1e-12)
    #expect(described["name"]?.missing == 1 && described["name"]?.distinct == 3)
    #expect(described["sex"]?.mostFrequent == "f" && described["sex"]?.mostFrequentCount == 2)
    #expect(described["day"]?.quartiles.first == -86400)
    #expect(described.description.contains("1969-12-31"))
    let empty = Table([Column("a", numbers: [.nan])]).describe()["a"]
    #expect(empty?.count == 0 && empty?.mean == nil && empty?.quartiles == [])
  }
}

@Suite("A time in the calendar")
struct CalendarTimeTests {
  // Against Foundation's calendar, over the leap rules of a thousand years and before 1970.
  @Test("has the parts that Foundation's Gregorian calendar gives")
  func parts() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    for day in stride(from: -140_000, to: 250_000, by: 97) {
      let time = CalendarTime(secondsSince1970: Double(day) * 86400 + 3661)
      let date = Date(timeIntervalSince1970: time.secondsSince1970)
      let parts = calendar.dateComponents([.year, .month, .day, .weekday, .hour], from: date)
      #expect(time.year == parts.year && time.month == parts.month && time.day == parts.day, "day \(day)")
      #expect(time.weekday == ((parts.weekday ?? 0) + 5) % 7)
      #expect(time.dayOfYear == calendar.ordinality(of: .day, in: .year, for: date))
      #expect(time.secondOfDay == 3661)
      let text = time.description
      #expect(CalendarTime.parse(text) == time.secondsSince1970, "\(text)")
    }
  }

  @Test("is read from ISO 8601 and other orders, and from no impossible day")
  func parsing() {
    #expect(CalendarTime.parse("2024-02-29T12:34:56.5Z") == 1_709_210_096.5)
    #expect(CalendarTime.parse("2024-02-29 13:34+01:00") == 1_709_210_040)
    #expect(CalendarTime.parse("29.02.2024", order: .dayMonthYear) == CalendarTime.parse("2024/2/29"))
    #expect(CalendarTime.parse("2/29/2024", order: .monthDayYear) == CalendarTime.parse("2024-02-29"))
    for text in [
      "2023-02-29", "2024-13-01", "2024-00-01", "2024-1-0", "24-01-01", "2024-01/01", "2024-01-01T24:00", "2024-01-01x",
      "1-2", "",
    ] {
      #expect(CalendarTime.parse(text) == nil, "\(text)")
    }
  }
}
