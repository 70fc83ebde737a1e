import Foundation
import TensorIO
import Testing

@Suite("A log in CSV")
struct CSVLogTests {
  private let folder: Folder
  private let file: URL

  init() throws {
    folder = try Folder()
    file = folder["log.csv"]
  }

  private func text() throws -> String { try String(contentsOf: file, encoding: .utf8) }

  @Test("has the names once, then a row for each call")
  func rows() throws {
    let log = try CSVLog(file: file)
    #expect(folder.names.isEmpty && log.columns.isEmpty)
    try #expect(log.rows().isEmpty)
    try log.append(["epoch": 1, "loss": 0.1 + 0.2, "rate": -0.0])
    try log.append(["loss": .nan, "epoch": 2, "rate": 1e300], durably: false)
    try log.append(["epoch": -3, "rate": -.infinity])
    #expect(try text() == "epoch,loss,rate\n1,0.30000000000000004,-0.0\n2,nan,1e+300\n-3,,-inf\n")
    let rows = try log.rows()
    #expect(rows[0] == ["epoch": 1, "loss": 0.1 + 0.2, "rate": -0.0] && rows[2] == ["epoch": -3, "rate": -.infinity])
    #expect(rows[1]["loss"]?.isNaN == true)
    try log.append([(name: String, value: Double)]())
    #expect(try log.rows().count == 3)
  }

  @Test("gets a column for a name that comes later")
  func laterColumns() throws {
    let log = try CSVLog(file: file)
    try log.append(["a": 1])
    try log.append(["b": 2, "c": 3])
    try log.append(["c": 4, "a": 5])
    #expect(try text() == "a,b,c\n1,,\n,2,3\n5,,4\n")
    #expect(log.columns == ["a", "b", "c"] && folder.names == ["log.csv"])
  }

  @Test("quotes names as RFC 4180 does, and finds them again")
  func names() throws {
    let names = ["a,b", "say \"x\"", "two\nlines", "größe", " spaced ", "", "\"", "cr\r\nlf"]
    try CSVLog(file: file).append(names.map { (name: $0, value: 1) })
    #expect(
      try text()
        == "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",größe, spaced ,\"\",\"\"\"\",\"cr\r\nlf\"\n1,1,1,1,1,1,1,1\n")
    let again = try CSVLog(file: file)
    #expect(again.columns == names)
    try again.append([(name: "größe", value: 2), (name: "new", value: 3)])
    #expect(try again.rows().map { $0["größe"] } == [1, 2])
    #expect(try CSVLog(file: file).columns == names + ["new"])
  }

  @Test("goes on after a restart, over a row that was cut off, and with the line ends of a spreadsheet")
  func restart() throws {
    try Data("epoch,loss\r\n1,0.5\r\n2,0.".utf8).write(to: file)
    try CSVLog(file: file).append(["epoch": 2, "loss": 0.25])
    #expect(try text() == "epoch,loss\r\n1,0.5\r\n2,0.25\n")
    let log = try CSVLog(file: file)
    try log.append(["epoch": 3, "more": 1])
    #expect(try text() == "epoch,loss,more\n1,0.5,\n2,0.25,\n3,,1\n")
    try log.truncate { $0["epoch", default: 0] <= 1 }
    #expect(try text() == "epoch,loss,more\n1,0.5,\n")
  }

  @Test(
    "tells what is no such log, and leaves it",
    arguments: [
      ("a,a\n", "a first line of names, each once"), ("a,\"b", "a first line"), ("a,b", "a first line"),
      ("\"a\"b,c\n", "a first line"), ("a,b\n1,2\n1\n", "\"row 2\": expected 2 fields, found 1"),
      ("a,b\n1,x\n", "\"row 1\": expected a number for \"b\", found \"x\""),
    ])
  func damage(content: String, words: String) throws {
    try Data(content.utf8).write(to: file)
    expectFailure("log.csv", words) { () throws(FileError) in try CSVLog(file: file).truncate { _ in false } }
    #expect(try text() == content)
  }

  @Test("is as it was when the disk is full")
  func fullDisk() async {
    await #expect(processExitsWith: .success) {
      let folder = try Folder()
      let log = try CSVLog(file: folder["log.csv"])
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 20, rlim_max: 20)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      try log.append(["epoch": 1, "loss": 0.5])
      let before = try bytes(log.file)
      expectFailure("log.csv", "File too large") { () throws(FileError) in try log.append(["epoch": 2, "loss": 0.25]) }
      expectFailure("log.csv", "File too large") { () throws(FileError) in try log.append(["another": 2]) }
      #expect(try bytes(log.file) == before && folder.names == ["log.csv"] && log.columns == ["epoch", "loss"])
    }
  }

  @Test("refuses a name that stands twice in a row")
  func twice() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try CSVLog(file: Folder()["x.csv"]).append(["a": 1, "a": 2])
    }
    let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(said.contains("CSVLog: \"a\" stands twice in a row. Fix: name each number once."))
  }
}
