import TensorCore

/// What the header of a safetensors file says, checked against the file's length.
struct SafeTensorsHeader {
  /// A tensor's place.
  struct Entry {
    let type: SafeTensorsType
    let dimensions: [Int]
    /// Its bytes, counted from the file's beginning.
    let bytes: Range<Int>
  }

  private(set) var metadata: [String: String] = [:]
  private(set) var entries: [String: Entry] = [:]
  /// The tensors' names in the order of their bytes.
  let names: [String]

  /// The longest header that is read, as in the format's reference implementation.
  static let maximumSize = 100_000_000

  /// Reads the header of a whole file.
  init(_ bytes: UnsafeRawBufferPointer, file: String) throws(FileError) {
    guard bytes.count >= 8 else {
      throw .contents(file: file, key: nil, expected: "8 bytes with the header's length", found: "\(bytes.count)")
    }
    let size = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    let available = min(bytes.count - 8, Self.maximumSize)
    guard size <= available else {
      throw .contents(file: file, key: nil, expected: "a header of at most \(available) bytes", found: "\(size) bytes")
    }
    let start = 8 + Int(size)
    let text = UnsafeRawBufferPointer(rebasing: bytes[8..<start])
    var scanner = ByteScanner(text, file: file, part: "the header")
    guard text.first == UInt8(ascii: "{") else { throw scanner.unexpected("\"{\"") }

    var found: [(name: String, entry: Entry)] = []
    var metadata: [String: String]?
    var seen: Set<String> = []
    try scanner.list("{", "}") { scanner throws(FileError) in
      let name = try scanner.jsonString()
      guard seen.insert(name).inserted else {
        throw .contents(file: file, key: name, expected: "each name once", found: "it twice")
      }
      try scanner.require(":")
      if name == "__metadata__" {
        metadata = try scanner.jsonStrings()
      } else {
        found.append((name, try scanner.entry(name, from: start, to: bytes.count)))
      }
    }
    scanner.skipSpace()
    if scanner.next != nil { throw scanner.unexpected("nothing more") }

    self.metadata = metadata ?? [:]
    found.sort {
      ($0.entry.bytes.lowerBound, $0.entry.bytes.upperBound) < ($1.entry.bytes.lowerBound, $1.entry.bytes.upperBound)
    }
    names = found.map(\.name)
    entries = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.entry) })
    try Self.requireNoGaps(found, from: start, to: bytes.count, file)
  }

  /// Confirms that the tensors' bytes, in order, cover the rest of the file, each byte once.
  private static func requireNoGaps(
    _ found: [(name: String, entry: Entry)], from start: Int, to end: Int, _ file: String
  ) throws(FileError) {
    var position = start
    for (name, entry) in found {
      if entry.bytes.lowerBound != position {
        throw .contents(
          file: file, key: name,
          expected: "data that begins at offset \(position - start), where the data before it ends",
          found: "offset \(entry.bytes.lowerBound - start)")
      }
      position = entry.bytes.upperBound
    }
    if position != end {
      throw .contents(
        file: file, key: nil, expected: "\(position - start) bytes of data, as its header says", found: "\(end - start)"
      )
    }
  }
}

extension ByteScanner {
  /// Takes `{"dtype": …, "shape": […], "data_offsets": [begin, end]}`, and checks that the numbers fit together.
  fileprivate mutating func entry(
    _ name: String, from start: Int, to end: Int
  ) throws(FileError) -> SafeTensorsHeader.Entry {
    let file = file
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?
    try list("{", "}") { scanner throws(FileError) in
      let field = try scanner.jsonString()
      try scanner.require(":")
      switch (field, dtype, shape, offsets) {
      case ("dtype", nil, _, _): dtype = try scanner.jsonString()
      case ("shape", _, nil, _): shape = try scanner.jsonNumbers()
      case ("data_offsets", _, _, nil): offsets = try scanner.jsonNumbers()
      case ("dtype", _, _, _), ("shape", _, _, _), ("data_offsets", _, _, _):
        throw .contents(file: file, key: name, expected: "the field \(field) once", found: "it twice")
      default:
        throw .contents(
          file: file, key: name, expected: "the fields dtype, shape and data_offsets", found: "a field \(quoted(field))"
        )
      }
    }
    guard let dtype, let shape, let offsets else {
      let missing = dtype == nil ? "dtype" : shape == nil ? "shape" : "data_offsets"
      throw .contents(
        file: file, key: name, expected: "the fields dtype, shape and data_offsets", found: "no \(missing)")
    }
    guard let type = SafeTensorsType(rawValue: dtype) else {
      throw .contents(file: file, key: name, expected: "a dtype of the format, such as F32", found: quoted(dtype))
    }
    guard offsets.count == 2 else {
      throw .contents(
        file: file, key: name, expected: "data_offsets [begin, end]", found: "a list of \(offsets.count)")
    }
    guard offsets[0] <= offsets[1], offsets[1] <= end - start else {
      throw .contents(
        file: file, key: name, expected: "data_offsets in order, up to \(end - start)", found: "\(offsets)")
    }
    let elements = try StoredShape(shape, file: file, key: name).shape.elementCount
    // Six bits and four bits need not make whole bytes. No file has so many that eight times its length overflows.
    let (bits, overflow) = elements.multipliedReportingOverflow(by: type.bits)
    guard !overflow, bits == (offsets[1] - offsets[0]) * 8 else {
      throw .contents(
        file: file, key: name,
        expected: "the bytes of \(elements) elements (\(dtype) \(shape), \(type.bits) bits each)",
        found: "\(offsets[1] - offsets[0]) bytes")
    }
    return SafeTensorsHeader.Entry(
      type: type, dimensions: shape, bytes: (start + offsets[0])..<(start + offsets[1]))
  }
}
