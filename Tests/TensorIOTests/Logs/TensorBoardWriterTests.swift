import Foundation
import Synchronization
import TensorCore
import TensorIO
import Testing

/// A file that `scripts/goldens/event_files.py` has made with PyTorch's and TensorBoard's writers, and had TensorBoard read.
func eventGolden(_ name: String) -> URL {
  URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Goldens/tensorboard/\(name)")
}

/// What the script's `first` writes, and `resumed`.
func writeFirst(to writer: TensorBoardWriter) throws {
  for (step, loss) in [0.5, 0.25, .nan, 1e-30, .infinity].enumerated() {
    try writer.scalar("loss/train", loss, step: step)
  }
  try writer.scalar("Genauigkeit größer", 0, step: 1 << 40)
  let weights = Tensor([-2.5, -1, -0.25, 0, 0, 0.125, 0.5, 0.5, 3, 1000])
  try writer.histogram("weights", weights.reshaped([2, 5]), step: 4)
  try writer.histogram("zeros", Tensor.zeros([3]), step: 4)
  try writer.picture("picture", png: try bytes(eventGolden("picture.png")), step: 4)
  try writer.text("note/text_summary", "**bold** é\n\nsecond", step: 4)
  try writer.text("empty/text_summary", "", step: 4)
}

func writeResumed(to writer: TensorBoardWriter) throws {
  try writer.scalar("loss/train", 0.125, step: 3)
  try writer.scalar("loss/train", -1, step: -1)
}

/// The time of every record in the script.
let eventTime = { @Sendable in 1_700_000_000.25 }

@Suite("Writing TensorBoard's event files")
struct TensorBoardWriterTests {
  private let folder: Folder

  init() throws { folder = try Folder() }

  @Test("gives the bytes that PyTorch's writer gives")
  func golden() throws {
    let first = try TensorBoardWriter(folder: folder["run"], clock: eventTime)
    try writeFirst(to: first)
    #expect(try bytes(first.file) == bytes(eventGolden("first.tfevents")))
    let resumed = try TensorBoardWriter(folder: folder["run"], purgingFrom: 3, clock: eventTime)
    try writeResumed(to: resumed)
    #expect(try bytes(resumed.file) == bytes(eventGolden("resumed.tfevents")))
  }

  @Test("names each file so that it sorts behind those that are there, whatever the clock says")
  func names() throws {
    let time = Mutex(5_000_000_000.0)
    var files: [String] = []
    for _ in 0..<4 {
      let writer = try TensorBoardWriter(folder: folder["a/b"]) { time.withLock { $0 } }
      files.append(writer.file.lastPathComponent)
      time.withLock { $0 -= 1000 }
    }
    #expect(files == files.sorted() && Set(files).count == 4)
    #expect(files[0].hasPrefix("events.out.tfevents.5000000000.") && files[3].contains(".5000000003."))
    let early = try TensorBoardWriter(folder: folder["early"]) { 7 }
    #expect(early.file.lastPathComponent.hasPrefix("events.out.tfevents.0000000007."))
  }

  @Test("has each record in the file when the call returns")
  func following() throws {
    let writer = try TensorBoardWriter(folder: folder.url)
    for step in 1...20 {
      try writer.scalar("x", Double(step), step: step)
      #expect(try TensorBoardEvents(contentsOf: writer.file).scalars["x"]?.count == step)
    }
    try writer.flush()
  }

  @Test("takes records from several threads, each whole")
  func threads() async throws {
    let writer = try TensorBoardWriter(folder: folder.url)
    await withTaskGroup { group in
      for task in 0..<8 {
        group.addTask { for step in 0..<100 { try? writer.scalar("\(task)", Double(step), step: step) } }
      }
    }
    let curves = try TensorBoardEvents(contentsOf: folder.url).scalars
    for task in 0..<8 { #expect(curves["\(task)"]?.map(\.step) == Array(0..<100)) }
  }

  @Test("counts what is finite, near zero and far from it")
  func histograms() throws {
    let writer = try TensorBoardWriter(folder: folder.url)
    // Each of them one record: with NaN and infinities it is the one without.
    func record(_ tensor: Tensor) throws -> ArraySlice<UInt8> {
      let before = try bytes(writer.file).count
      try writer.histogram("x", tensor, step: 1)
      // Without the frame and the time.
      return try bytes(writer.file)[(before + 21)...].dropLast(4)
    }
    let plain = try record(Tensor([1.0, 2.0]))
    #expect(try record(Tensor([.nan, 1.0, .infinity, 2.0, -.infinity])) == plain)
    #expect(try record(Tensor([1, 2])) == plain && plain.count > 100)
    #expect(try record(Tensor([Double.nan])) == record(Tensor.zeros([0])))
    // Far out, the last bucket on either side.
    #expect(try record(Tensor([-3e38, 3e38])).count > 1500 * 8)
    #expect(try record(Tensor([-1e300, -1e299], dtype: .float64)).count < 150)
  }

  @Test("encodes pictures of every kind as they are")
  func pictures() throws {
    let writer = try TensorBoardWriter(folder: folder.url)
    for channels in [1, 3, 4] {
      let pixels = Tensor((0..<(channels * 6)).map { UInt8(10 * $0) }).reshaped([channels, 2, 3])
      let before = try bytes(writer.file).count
      try writer.picture("x", pixels, step: channels)
      let png = PictureFile.png(pixels)
      #expect(try bytes(writer.file)[before...].firstRange(of: png) != nil)
      let decoded = try PictureFile.decode(
        png, options: PictureOptions(colors: .asStored, transparency: .dropped))
      #expect(same(decoded, channels == 4 ? pixels[0..<3].contiguous() : pixels))
    }
    let floats = Tensor([-1, 0, 0.1, 0.5, 1, 7, .nan, .infinity]).reshaped([1, 2, 4])
    let before = try bytes(writer.file).count
    try writer.picture("x", floats, step: 1)
    let expected = PictureFile.png(Tensor([0, 0, 26, 128, 255, 255, 0, 255].map { UInt8($0) }).reshaped([1, 2, 4]))
    #expect(try bytes(writer.file)[before...].firstRange(of: expected) != nil)
    expectFailure("\"x\\ny\": expected PNG") { () throws(FileError) in
      try writer.picture("x\ny", png: Array("GIF89a and more than twenty-five bytes".utf8), step: 1)
    }
  }

  @Test("refuses tensors that are no pictures")
  func mistakes() async {
    let integers = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try TensorBoardWriter(folder: Folder().url).picture("x", Tensor([[[1]]]), step: 0)
    }
    #expect(said(integers).contains("picture: int64 [1, 1, 1] has no range of brightness. Fix: use uint8"))
    let flat = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try TensorBoardWriter(folder: Folder().url).picture("x", Tensor.zeros([28, 28]), step: 0)
    }
    #expect(said(flat).contains("png: uint8 [28, 28] is no picture. Fix: use uint8 [channels, height, width]"))
  }

  private func said(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test("leaves the file with its whole records when the disk is full")
  func fullDisk() async {
    // A limit on the size of files stands for the disk: it lies in another process, since it holds for a whole one.
    await #expect(processExitsWith: .success) {
      let folder = try Folder()
      let writer = try TensorBoardWriter(folder: folder["run"])
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1000, rlim_max: 1000)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      var steps = 0
      while message({ () throws(FileError) in try writer.scalar("x", 1, step: steps) }) == nil { steps += 1 }
      expectFailure("events.out", "File too large") { () throws(FileError) in
        try writer.histogram("y", Tensor([-1.0, 1.0]), step: 1)
      }
      #expect(steps > 10 && steps < 100)
      #expect(try TensorBoardEvents(contentsOf: folder["run"]).scalars["x"]?.count == steps)
      limit.rlim_cur = 5
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      expectFailure("File too large") { () throws(FileError) in _ = try TensorBoardWriter(folder: folder["other"]) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder["other"].path()).isEmpty)
    }
  }

  @Test("says where it can't")
  func refusals() throws {
    try Data().write(to: folder["file"])
    expectFailure("make the folder", "file") { () throws(FileError) in
      _ = try TensorBoardWriter(folder: folder["file"])
    }
    expectFailure("Not a directory") { () throws(FileError) in
      _ = try TensorBoardWriter(folder: folder["file/in"])
    }
  }
}
