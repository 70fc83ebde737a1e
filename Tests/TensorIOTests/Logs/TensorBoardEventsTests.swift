import Foundation
import TensorIO
import Testing

@Suite("Reading event files")
struct TensorBoardEventsTests {
  private typealias Scalar = TensorBoardEvents.Scalar

  @Test("finds the scalars that PyTorch wrote, of both kinds, and leaves the rest")
  func pytorch() throws {
    let curves = try TensorBoardEvents(contentsOf: eventGolden("pytorch.tfevents")).scalars
    #expect(
      curves == [
        "plain": [Scalar(step: 7, time: eventTime(), value: Double(Float(0.1)))],
        "tensor": [Scalar(step: 8, time: eventTime(), value: Double(Float(0.1)))],
        "double": [Scalar(step: 9, time: eventTime(), value: 0.1)],
      ])
  }

  @Test("finds TensorFlow's, whose metadata come once")
  func tensorflow() throws {
    let curves = try TensorBoardEvents(contentsOf: eventGolden("tensorflow.tfevents")).scalars
    let loss = [0.5, 0.25].enumerated().map { Scalar(step: $0, time: eventTime() + Double($0), value: $1) }
    #expect(curves == ["loss": loss])
  }

  @Test("counts what a resumed training did again once")
  func resumption() throws {
    let first = try TensorBoardEvents(contentsOf: eventGolden("first.tfevents")).scalars
    #expect(first["loss/train"]?.map(\.step) == [0, 1, 2, 3, 4] && first["loss/train"]?[2].value.isNaN == true)
    #expect(first["Genauigkeit größer"] == [Scalar(step: 1 << 40, time: eventTime(), value: 0)])
    let folder = try Folder()
    for (name, golden) in [("2.tfevents", "resumed.tfevents"), ("1.tfevents", "first.tfevents")] {
      try FileManager.default.copyItem(at: eventGolden(golden), to: folder[name])
    }
    try Data("no events".utf8).write(to: folder["notes.txt"])
    let both = try TensorBoardEvents(contentsOf: folder.url).scalars
    #expect(both["loss/train"]?.map(\.step) == [0, 1, 2, 3, -1] && both["loss/train"]?[3].value == 0.125)
    #expect(both.count == 1)
  }

  /// A small file: five records, scalars, a text.
  private func small() throws -> (bytes: [UInt8], starts: [Int]) {
    let folder = try Folder()
    let writer = try TensorBoardWriter(folder: folder.url, purgingFrom: 1, clock: eventTime)
    var starts = [0]
    for step in 1...2 {
      starts.append(try bytes(writer.file).count)
      try writer.scalar("loss", 1 / Double(step), step: step)
    }
    starts.append(try bytes(writer.file).count)
    try writer.text("note", "a text", step: 2)
    return (try bytes(writer.file), starts)
  }

  private let folder: Folder

  init() throws { folder = try Folder() }

  private func read(_ bytes: [UInt8]) throws -> TensorBoardEvents {
    try Data(bytes).write(to: folder["x.tfevents"])
    return try TensorBoardEvents(contentsOf: folder["x.tfevents"])
  }

  @Test("leaves out a record that is cut off, wherever that is")
  func truncation() throws {
    let (bytes, starts) = try small()
    for length in 0...bytes.count {
      let count = try read(Array(bytes.prefix(length))).scalars["loss"]?.count ?? 0
      #expect(count == (length >= starts[3] ? 2 : length >= starts[2] ? 1 : 0), "\(length)")
    }
  }

  @Test("tells every changed bit, with the file and the place of its record")
  func changedBits() throws {
    let bytes = try small().bytes
    for bit in 0..<(8 * bytes.count) {
      var changed = bytes
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      let error = #expect(throws: FileError.self, "bit \(bit)") { try read(changed) }
      let message = error?.description ?? ""
      #expect(message.contains("x.tfevents: expected the checksum 0x") && message.contains("of the record at byte "))
    }
    var last = bytes
    last[last.count - 1] ^= 1
    let start = try small().starts[3]
    let error = #expect(throws: FileError.self) { try read(last) }
    #expect(error?.description.contains("for the data of the record at byte \(start), found 0x") == true)
  }

  @Test("reads or refuses what is damaged below right checksums, and never ends the program")
  func damagedMessages() throws {
    var seeds: [[UInt8]] = []
    for golden in ["tensorflow.tfevents", "resumed.tfevents", "pytorch.tfevents"] {
      var rest = try bytes(eventGolden(golden))[...]
      while !rest.isEmpty {
        let length = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        if length < 100 { seeds.append(Array(rest.dropFirst(12).prefix(length))) }
        rest = rest.dropFirst(length + 16)
      }
    }
    #expect(seeds.count > 8)
    var (accepted, refused) = (0, 0)
    func attempt(_ data: [UInt8]) throws {
      do {
        _ = try read(TFRecord.framing(data))
        accepted += 1
      } catch let error as FileError {
        #expect(error.description.contains("an event in the record at byte 0, found "))
        refused += 1
      }
    }
    for seed in seeds {
      for bit in 0..<(8 * seed.count) {
        var changed = seed
        changed[bit / 8] ^= 1 << UInt8(bit % 8)
        try attempt(changed)
      }
      for length in 0..<seed.count { try attempt(Array(seed.prefix(length))) }
    }
    var mutator = Mutator(seeds: seeds, seed: 1)
    for _ in 0..<2000 { try attempt(mutator.next()) }
    #expect(accepted > 1000 && refused > 1000)
  }

  @Test("names a file that is none, or not there")
  func others() throws {
    let folder = try Folder()
    try Data("epoch,loss\n1,0.5\n".utf8).write(to: folder["log.csv"])
    expectFailure("log.csv", "for the length of the record at byte 0") { () throws(FileError) in
      _ = try TensorBoardEvents(contentsOf: folder["log.csv"])
    }
    expectFailure("absent", "No such file") { () throws(FileError) in
      _ = try TensorBoardEvents(contentsOf: folder["absent"])
    }
    #expect(try TensorBoardEvents(contentsOf: folder.url).scalars.isEmpty)
  }
}
