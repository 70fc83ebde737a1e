import FoundationEssentials

/// The curves in TensorBoard's event files: what ``TensorBoardWriter``, PyTorch and TensorFlow wrote.
///
/// Both checksums of every record are tested. A record that is cut off at the end is left out: it is being written, or its writer was
/// killed. What a resumed training did again counts once, as its `SessionLog` says; see ``TensorBoardWriter``.
public struct TensorBoardEvents: Sendable, Hashable {
  /// A point of a curve.
  public struct Scalar: Sendable, Hashable {
    public var step: Int
    /// When it was written, in seconds since 1970.
    public var time: Double
    public var value: Double

    public init(step: Int, time: Double, value: Double) {
      self.step = step
      self.time = time
      self.value = value
    }
  }

  /// The curves by tag, each in the order in which it was written.
  public private(set) var scalars: [String: [Scalar]] = [:]
  /// The tags whose tensors are scalars: of a tag's values, TensorFlow says it of the first alone.
  private var scalarTags: Set<String> = []

  /// Reads an event file, or all of a folder by name, as TensorBoard does.
  ///
  /// - Throws: ``FileError`` when a file can't be read, a checksum does not fit, or a record is no event: it names the byte at which the
  ///   record begins.
  public init(contentsOf url: URL) throws(FileError) {
    let path = url.path(percentEncoded: false)
    var isFolder = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder else {
      try add(url)
      return
    }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw .system("read", path)
    }
    for name in names.sorted() where name.contains("tfevents") { try add(url.appending(path: name)) }
  }

  private mutating func add(_ url: URL) throws(FileError) {
    let file = url.path(percentEncoded: false)
    try TFRecord.read(try WholeFile.read(url), file: file) { data, start throws(FileError) in
      do throws(ProtobufFields.Damage) {
        try add(event: data)
      } catch {
        throw .contents(file: file, key: nil, expected: "an event in the record at byte \(start)", found: error.found)
      }
    }
  }

  private mutating func add(event: ArraySlice<UInt8>) throws(ProtobufFields.Damage) {
    var time = 0.0
    var step = 0
    var values: [ArraySlice<UInt8>] = []
    var isStart = false
    for field in try ProtobufFields(event).all {
      switch (field.number, field.value) {
      case (1, .fixed64(let bits)): time = Double(bitPattern: bits)
      case (2, .varint(let number)): step = Int(truncatingIfNeeded: number)
      case (5, .data(let summary)): values += try ProtobufFields(summary).messages(1)
      case (7, .data(let log)): isStart = try ProtobufFields(log).integer(1) == 1
      default: break
      }
    }
    if isStart { scalars = scalars.mapValues { $0.filter { $0.step < step } }.filter { !$0.value.isEmpty } }
    for value in values { try add(value: value, step, time) }
  }

  private mutating func add(value: ArraySlice<UInt8>, _ step: Int, _ time: Double) throws(ProtobufFields.Damage) {
    var tag = ""
    var number: Double?
    var tensor: ArraySlice<UInt8>?
    var isScalar = false
    for field in try ProtobufFields(value).all {
      switch (field.number, field.value) {
      case (1, .data(let text)): tag = String(decoding: text, as: UTF8.self)
      case (2, .fixed32(let bits)): number = Double(Float(bitPattern: bits))
      case (8, .data(let message)): tensor = message
      case (9, .data(let metadata)):
        for plugin in try ProtobufFields(metadata).messages(1) {
          isScalar = try ProtobufFields(plugin).messages(1).contains { $0.elementsEqual("scalars".utf8) }
        }
      default: break
      }
    }
    if isScalar { scalarTags.insert(tag) }
    if let tensor, scalarTags.contains(tag) { number = try TensorBoardEvents.scalar(tensor) }
    if let number { scalars[tag, default: []].append(Scalar(step: step, time: time, value: number)) }
  }

  /// The element of a `TensorProto`: in its `tensor_content`, `float_val` or `double_val`.
  private static func scalar(_ tensor: ArraySlice<UInt8>) throws(ProtobufFields.Damage) -> Double? {
    let fields = try ProtobufFields(tensor)
    var content: ArraySlice<UInt8> = []
    for field in fields.all {
      switch (field.number, field.value) {
      case (4, .data(let bytes)), (5, .data(let bytes)), (6, .data(let bytes)): content = bytes
      case (5, .fixed32(let bits)): return Double(Float(bitPattern: bits))
      case (6, .fixed64(let bits)): return Double(bitPattern: bits)
      default: break
      }
    }
    // DT_FLOAT and DT_DOUBLE.
    switch (fields.integer(1), content.count) {
    case (1, 4): return Double(Float(bitPattern: littleEndian(content)))
    case (2, 8): return Double(bitPattern: littleEndian(content))
    default: return nil
    }
  }
}
