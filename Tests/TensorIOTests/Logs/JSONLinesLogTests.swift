import Foundation
import TensorIO
import Testing

private struct Row: Codable, Equatable {
  var epoch: Int
  var trainLoss: Double = 0.5
  var metrics: [String: Double] = [:]
}

@Suite("A log of JSON Lines")
struct JSONLinesLogTests {
  private let folder: Folder
  private let log: JSONLinesLog

  init() throws {
    folder = try Folder()
    log = JSONLinesLog(file: folder["rows.jsonl"])
  }

  private func text() throws -> String { try String(contentsOf: log.file, encoding: .utf8) }

  @Test("has a value a line, which comes back bit for bit")
  func lines() throws {
    let rows = [
      Row(epoch: 1, trainLoss: 0.1 + 0.2, metrics: ["topAccuracy": 1.0 / 3, "R² of x_y": -0.0]),
      Row(epoch: 2, trainLoss: .infinity),
    ]
    for row in rows { try log.append(row) }
    #expect(try text().hasSuffix("{\"epoch\":2,\"metrics\":{},\"train_loss\":\"inf\"}\n"))
    #expect(try log.read(as: Row.self) == rows)
    #expect(try log.read(as: Row.self)[0].metrics["R² of x_y"]?.sign == .minus)
    try log.append(Row(epoch: 3, trainLoss: .nan), durably: false)
    #expect(try log.read(as: Row.self)[2].trainLoss.isNaN)
  }

  @Test("has no lines before the first")
  func absent() throws {
    #expect(try log.read(as: Row.self).isEmpty)
    try log.truncate { (_: Row) in true }
    #expect(folder.names.isEmpty)
  }

  @Test("drops lines from one on, and leaves those before as they are, with what the type does not know")
  func truncation() throws {
    let kept = "{\"epoch\": 1,\"train_loss\":1, \"metrics\":{}, \"more\":[1 ,2]}\n"
    try Data(kept.utf8).write(to: log.file)
    for epoch in 2...4 { try log.append(Row(epoch: epoch)) }
    try log.append(Row(epoch: 1))
    try log.truncate { (row: Row) in row.epoch < 2 }
    #expect(try text() == kept)
    try log.truncate { (row: Row) in false }
    #expect(try text().isEmpty)
  }

  @Test("does not count a last line that was cut off, and writes over it", arguments: [1, 20, 5000])
  func cutOff(length: Int) throws {
    try log.append(Row(epoch: 1))
    let whole = try text()
    try Data((whole + String(repeating: "x", count: length)).utf8).write(to: log.file)
    #expect(try log.read(as: Row.self) == [Row(epoch: 1)])
    try log.append(Row(epoch: 2))
    #expect(try text().hasPrefix(whole + "{\"epoch\":2,"))
    #expect(try log.read(as: Row.self).map(\.epoch) == [1, 2])
    try Data(String(repeating: "y", count: length).utf8).write(to: log.file)
    try log.append(Row(epoch: 1))
    #expect(try text() == whole)
  }

  @Test("tells a damaged line by its number, and drops nothing then")
  func damaged() throws {
    for epoch in 1...2 { try log.append(Row(epoch: epoch)) }
    let lines = try text() + "{\"epoch\":3}\n"
    try Data(lines.utf8).write(to: log.file)
    expectFailure("rows.jsonl, \"line 3\": expected \"train_loss\" in it, found none") { () throws(FileError) in
      try log.truncate { (row: Row) in row.epoch < 2 }
    }
    #expect(try text() == lines)
    expectFailure("Is a directory") { () throws(FileError) in
      try JSONLinesLog(file: folder.url).append(Row(epoch: 1))
    }
  }

  @Test("is as it was when the disk is full")
  func fullDisk() async {
    await #expect(processExitsWith: .success) {
      let folder = try Folder()
      let log = JSONLinesLog(file: folder["rows.jsonl"])
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 100, rlim_max: 100)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      for epoch in 1...2 { try log.append(Row(epoch: epoch)) }
      let before = try bytes(log.file)
      expectFailure("rows.jsonl", "File too large") { () throws(FileError) in try log.append(Row(epoch: 3)) }
      #expect(try bytes(log.file) == before && before.count > 50)
    }
  }
}
