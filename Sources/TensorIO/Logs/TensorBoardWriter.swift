import FoundationEssentials
import Glibc
import Synchronization
import TensorCore

/// Writes what TensorBoard shows of a training: numbers, histograms, pictures and texts, each under a tag (`loss/train`) at a step.
///
/// The file is an event file of TensorFlow's, with the values laid out as PyTorch's `SummaryWriter` does. Each record is whole in the file
/// when its call returns, so that a running `tensorboard --logdir runs` follows. Several threads may write.
///
/// A training that goes on in the same folder gets another file there; `purgingFrom` hides what it does again:
///
/// ```swift
/// let folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-events-\(UUID().uuidString)")
/// let first = try TensorBoardWriter(folder: folder)
/// for step in 1...5 { try first.scalar("loss", 1 / Double(step), step: step) }
/// try first.histogram("weight", Tensor([0.5, -0.5, 0.25]), step: 5)
/// let resumed = try TensorBoardWriter(folder: folder, purgingFrom: 4)
/// try resumed.scalar("loss", 0.125, step: 4)
/// try TensorBoardEvents(contentsOf: folder).scalars["loss", default: []].map(\.step)  // → [1, 2, 3, 4]
/// ```
public final class TensorBoardWriter: Sendable {
  /// `events.out.tfevents.SECONDS.HOST.PROCESS`: it sorts behind the event files that were there, since TensorBoard reads them by name.
  public let file: URL
  private let output: Mutex<AppendedFile>
  private let clock: @Sendable () -> Double

  /// Makes an event file, and the folder where there is none.
  ///
  /// - Parameters:
  ///   - folder: One training's, which TensorBoard calls a run.
  ///   - step: The first step that is done again: what older files in the folder hold of this step and later ones is not shown.
  ///   - clock: The time that records bear, in seconds since 1970.
  /// - Throws: ``FileError`` when the file can't be written. There is none then.
  public init(
    folder: URL, purgingFrom step: Int? = nil,
    clock: @escaping @Sendable () -> Double = { Date().timeIntervalSince1970 }
  ) throws(FileError) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      let code = ((error as? CocoaError)?.underlying as? POSIXError)?.code.rawValue ?? EIO
      throw .system(operation: "make the folder", path: folder.path(percentEncoded: false), code: code)
    }
    self.clock = clock
    file = TensorBoardWriter.newFile(in: folder, at: clock())
    output = Mutex(try AppendedFile(file, isNew: true))
    do throws(FileError) {
      try write(step: 0) { $0.string(3, "brain.Event:2") }
      // SessionLog's START.
      if let step { try write(step: step) { $0.message(7) { $0.integer(1, 1) } } }
    } catch {
      unlink(file.path(percentEncoded: false))
      throw error
    }
  }

  /// Adds a number to the curve of `tag`, as float32; NaN and infinities too.
  ///
  /// - Throws: ``FileError``, on a full disk say, as all that add records do. The file is then as it was.
  public func scalar(_ tag: String, _ value: Double, step: Int) throws(FileError) {
    try summary(tag, step) { $0.float(2, Float(value), isExplicit: true) }
  }

  /// Adds how a tensor's elements are distributed; of any shape and dtype. NaN and infinities are not counted.
  public func histogram(_ tag: String, _ tensor: Tensor, step: Int) throws(FileError) {
    let histogram = TensorBoardHistogram(tensor)
    try summary(tag, step) { $0.message(5, histogram.write) }
  }

  /// Adds a picture: [channels, height, width] with 1 (grey), 3 (red, green, blue) or 4 channels (and opacity), uint8 from 0 to 255 or
  /// floating point from 0 to 1; what is beyond is clamped, and NaN is 0.
  ///
  /// Stops on other shapes and dtypes.
  public func picture(_ tag: String, _ picture: Tensor, step: Int) throws(FileError) {
    try self.picture(tag, png: PictureFile.png(TensorBoardWriter.bytes(of: picture)), step: step)
  }

  /// Adds a picture that is encoded already.
  ///
  /// - Throws: ``FileError``, also for bytes that do not begin as PNG's do.
  public func picture(_ tag: String, png: [UInt8], step: Int) throws(FileError) {
    // The signature, then the chunk IHDR: width, height, bits, colour type.
    let channels = [0: 1, 2: 3, 3: 3, 4: 2, 6: 4]
    guard png.count > 25, png.starts(with: [0x89, 0x50, 0x4e, 0x47]), let channels = channels[Int(png[25])] else {
      throw .contents(file: "the picture for \(quoted(tag))", key: nil, expected: "PNG", found: "something else")
    }
    func size(_ place: Int) -> Int { png[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) } }
    try summary(tag, step) { value in
      value.message(4) {
        $0.integer(1, size(20))
        $0.integer(2, size(16))
        $0.integer(3, channels)
        $0.data(4, png)
      }
    }
  }

  /// Adds a text, which TensorBoard shows as Markdown.
  public func text(_ tag: String, _ text: String, step: Int) throws(FileError) {
    try summary(tag, step) { value in
      // TensorProto: DT_STRING of shape [1].
      value.message(8) {
        $0.integer(1, 7)
        $0.message(2) { $0.message(2) { $0.integer(1, 1) } }
        $0.data(8, Array(text.utf8))
      }
      value.message(9) { $0.message(1) { $0.string(1, "text") } }
    }
  }

  /// Waits until all records are on the disk, so that they survive a loss of power.
  public func flush() throws(FileError) {
    try output.withLock { file throws(FileError) in try file.synchronize() }
  }
}

extension TensorBoardWriter {
  /// Adds an `Event` with a summary of one value.
  private func summary(_ tag: String, _ step: Int, _ fill: (inout ProtobufMessage) -> Void) throws(FileError) {
    try write(step: step) { event in
      event.message(5) { summary in
        summary.message(1) {
          $0.string(1, tag)
          fill(&$0)
        }
      }
    }
  }

  /// Adds an `Event`.
  private func write(step: Int, _ fill: (inout ProtobufMessage) -> Void) throws(FileError) {
    let event = ProtobufMessage {
      $0.double(1, clock())
      $0.integer(2, step)
      fill(&$0)
    }
    let record = TFRecord.framing(event.bytes)
    try output.withLock { file throws(FileError) in try file.append(record, durably: false) }
  }

  /// A name that sorts behind those of the event files in the folder.
  private static func newFile(in folder: URL, at time: Double) -> URL {
    let prefix = "events.out.tfevents."
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
    let times = names.filter { $0.hasPrefix(prefix) }.compactMap {
      Int($0.dropFirst(prefix.count).prefix { $0 != "." })
    }
    let seconds = String(max(Int(time), (times.max() ?? -1) + 1))
    let digits = String(repeating: "0", count: max(0, 10 - seconds.count)) + seconds
    var host = [CChar](repeating: 0, count: 256)
    let isNamed = gethostname(&host, host.count - 1) == 0
    let name =
      isNamed ? String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : "localhost"
    return folder.appending(path: "\(prefix)\(digits).\(name).\(getpid())")
  }

  /// uint8 of the same shape.
  private static func bytes(of picture: Tensor) -> Tensor {
    if picture.dtype == .uint8 { return picture }
    guard picture.dtype.isFloatingPoint else {
      stop(
        "picture", "\(picture.dtype) \(picture.shape) has no range of brightness",
        fix: "use uint8, or floats from 0 to 1")
    }
    let values = picture.detached().cast(to: .float32)
    let known = Tensor.where(values.isNaN(), Tensor.zeros(like: values), values)
    return (known.clamped(to: 0...1) * 255 + 0.5).cast(to: .uint8)
  }
}
