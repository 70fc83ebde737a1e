import Foundation
import TensorCore
import TensorIO
import Testing

/// What `scripts/read_events.py` prints.
private struct Found: Decodable {
  struct Histogram: Decodable {
    var step: Int
    var count, minimum, maximum, sum, squares: Double
    var limits, counts: [Double]
  }

  struct Picture: Decodable, Equatable {
    var step: Int
    var size: [Int]
    var pixels: [[[Int]]]
  }

  /// A number, or a text; those that JSON has not are texts.
  enum Item: Decodable, Equatable {
    case number(Double)
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  var scalars: [String: [[Item]]]
  var histograms: [String: [Histogram]]
  var pictures: [String: [Picture]]
  var texts: [String: [[Item]]]
}

/// A Python that has TensorBoard, if `GLASSBOX_PYTHON` names one: `scripts/verify-tensorboard` sees to that.
private let python: String? = {
  guard let python = ProcessInfo.processInfo.environment["GLASSBOX_PYTHON"], !python.isEmpty else { return nil }
  return (try? output(of: [python, "-c", "import tensorboard"])) == nil ? nil : python
}()

private func output(of command: [String]) throws -> Data {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = command
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  try process.run()
  let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  if process.terminationStatus != 0 { throw CocoaError(.executableLoad) }
  return data
}

@Suite(
  "TensorBoard itself",
  .enabled(if: python != nil, "GLASSBOX_PYTHON names no Python with tensorboard: see scripts/verify-tensorboard"))
struct TensorBoardItselfTests {
  private func found(in folder: URL) throws -> Found {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../scripts/read_events.py")
    let data = try output(of: [try #require(python), script.standardized.path(), folder.path()])
    return try JSONDecoder().decode(Found.self, from: data)
  }

  @Test("reads every kind of value as it was written")
  func values() throws {
    let folder = try Folder()
    let writer = try TensorBoardWriter(folder: folder.url, clock: eventTime)
    let losses = [0.5, -0.0, .nan, .infinity, -.infinity, Double(Float.leastNonzeroMagnitude)]
    for (step, loss) in losses.enumerated() { try writer.scalar("loss/größe", loss, step: (1 << 33) + step) }
    let values = Tensor.normal([1000]).cast(to: .float64)
    try writer.histogram("normal", values, step: 2)
    try writer.text("note", "# Title\né", step: 3)
    let pictures = [1, 3, 4].map { channels in
      Tensor((0..<(channels * 6)).map { UInt8(10 * $0) }).reshaped([channels, 2, 3])
    }
    for (step, picture) in pictures.enumerated() { try writer.picture("picture", picture, step: step) }

    let found = try found(in: folder.url)
    let expected = losses.enumerated().map { step, loss -> [Found.Item] in
      [.number(Double((1 << 33) + step)), .number(eventTime()), loss.isFinite ? .number(loss) : .text("\(loss)")]
    }
    #expect(found.scalars == ["loss/größe": expected])
    #expect(found.texts == ["note": [[.number(3), .text("text"), .text("# Title\né")]]])
    let shown = pictures.enumerated().map { step, picture in
      let rows = (0..<2).map { y in
        (0..<3).map { x in (0..<picture.shape[0]).map { picture[$0, y, x].item(Int.self) } }
      }
      return Found.Picture(step: step, size: [2, 3], pixels: rows)
    }
    #expect(found.pictures == ["picture": shown])

    let histogram = try #require(found.histograms["normal"]?.first)
    let scalars = values.scalars(as: Double.self)
    #expect(histogram.step == 2 && histogram.count == 1000 && histogram.counts.reduce(0, +) == 1000)
    #expect(histogram.minimum == scalars.min() && histogram.maximum == scalars.max())
    #expect(abs(histogram.sum - scalars.reduce(0, +)) < 1e-9)
    #expect(abs(histogram.squares - scalars.reduce(0) { $0 + $1 * $1 }) < 1e-9)
    // Each bucket reaches from the limit before it to its own.
    for (index, limit) in histogram.limits.enumerated().dropFirst() {
      let inside = scalars.filter { $0 >= histogram.limits[index - 1] && $0 < limit }
      #expect(Double(inside.count) == histogram.counts[index])
    }
  }

  @Test("shows once what a resumed training did again")
  func resumption() throws {
    let folder = try Folder()
    try writeFirst(to: try TensorBoardWriter(folder: folder.url))
    try writeResumed(to: try TensorBoardWriter(folder: folder.url, purgingFrom: 3))
    let found = try found(in: folder.url)
    let again = try TensorBoardEvents(contentsOf: folder.url).scalars
    #expect(again["loss/train"]?.map(\.step) == [0, 1, 2, 3, -1])
    #expect(found.scalars["loss/train"]?.map { $0[0] } == [0, 1, 2, 3, -1].map { .number($0) })
    #expect(found.scalars["loss/train"]?[3][2] == .number(0.125))
    // Its accumulator purges no texts.
    #expect(found.histograms.values.allSatisfy(\.isEmpty) && found.pictures.values.allSatisfy(\.isEmpty))
  }

  @Test("reads the whole records of a file that is cut off")
  func cutOff() throws {
    let folder = try Folder()
    let writer = try TensorBoardWriter(folder: folder.url)
    for step in 0..<3 { try writer.scalar("x", 1, step: step) }
    try Data(try bytes(writer.file).dropLast(5)).write(to: writer.file)
    #expect(try found(in: folder.url).scalars["x"]?.count == 2)
  }
}
