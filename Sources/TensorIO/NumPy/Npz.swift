import FoundationEssentials
import TensorCore

/// NumPy's archives of named arrays: a zip file with a member `NAME.npy` for each (see ``Npy``).
///
/// ```swift
/// let place = FileManager.default.temporaryDirectory.appending(path: "glassbox-example.npz")
/// try Npz.write(["weight": Tensor([[1.0, 2.0]]), "bias": Tensor([3.0])], to: place)
/// try Npz.read(place)["weight"]!  // → [[1.0, 2.0]]
/// ```
public enum Npz {
  /// Reads all arrays of a file.
  ///
  /// - Parameter limit: The most bytes to accept from all members together, uncompressed, so that a small hostile archive
  ///   cannot fill the memory. Of a member, no more is read than its own header says.
  /// - Throws: ``FileError`` when it cannot be read, is damaged or encrypted, is beyond the limit, has two members of one
  ///   name, or one that is no array.
  public static func read(_ url: URL, limit: Int = 1 << 32) throws(FileError) -> [String: Tensor] {
    try arrays(in: FileBytes(mapping: url), limit: limit)
  }

  /// Reads a file that is in memory already; `name` stands for it in messages.
  ///
  /// - Throws: ``FileError``, as ``read(_:limit:)`` does.
  public static func decode(
    _ bytes: [UInt8], name: String = "npz data", limit: Int = 1 << 32
  ) throws(FileError) -> [String: Tensor] {
    try arrays(in: bytes.span.bytes.withUnsafeBytes { FileBytes(copying: $0, name: name) }, limit: limit)
  }

  private static func arrays(in file: FileBytes, limit: Int) throws(FileError) -> [String: Tensor] {
    // libarchive does not know a zip file without members for one.
    if file.bytes.starts(with: [0x50, 0x4b, 5, 6]), file.bytes[4...].elementsEqual(repeatElement(0, count: 18)) {
      return [:]
    }
    var zip = try ZipReader(file)
    var arrays: [String: Tensor] = [:]
    var rest = limit
    while let member = try zip.next() {
      guard member.hasSuffix(".npy") else {
        throw .contents(file: file.name, key: member, expected: "members named NAME.npy", found: "this name")
      }
      let name = String(member.dropLast(4))
      if arrays[name] != nil {
        throw .contents(file: file.name, key: member, expected: "each name once", found: "it twice")
      }
      arrays[name] = try array(in: &zip, member, file.name, limit: &rest)
    }
    return arrays
  }

  /// Reads the member that the reader stands at, piece by piece, so that nothing is taken on trust.
  private static func array(
    in zip: inout ZipReader, _ member: String, _ file: String, limit: inout Int
  ) throws(FileError) -> Tensor {
    var bytes = try zip.read(NpyHeader.prefixSize)
    let size = try bytes.span.bytes.withUnsafeBytes { prefix throws(FileError) in
      try NpyHeader.size(prefix, file: file, key: member)
    }
    bytes += try zip.read(size - bytes.count)
    let header = try bytes.span.bytes.withUnsafeBytes { start throws(FileError) in
      try NpyHeader(start, file: file, key: member)
    }
    guard header.byteCount <= limit - size else {
      throw .contents(
        file: file, key: member, expected: "at most \(max(0, limit - size)) bytes more",
        found: "\(header.byteCount) bytes for \(header.type) \(header.shape)")
    }
    limit -= size + header.byteCount
    let elements = try zip.read(header.byteCount)
    guard elements.count == header.byteCount, try zip.read(1).isEmpty else {
      throw .contents(
        file: file, key: member, expected: "\(header.byteCount) bytes for \(header.type) \(header.shape)",
        found: elements.count == header.byteCount ? "more" : "\(elements.count)")
    }
    return try elements.span.bytes.withUnsafeBytes { elements throws(FileError) in
      try header.tensor(elements, file: file, key: member)
    }
  }

  /// Writes arrays in the order of their names, whole or not at all (see ``AtomicFile``). The same arrays give the same
  /// bytes. Stops when one is bfloat16, which NumPy does not have.
  ///
  /// - Parameter compressed: Deflated, as `numpy.savez_compressed` does; else stored, as `numpy.savez`.
  /// - Throws: ``FileError``. What stood at `url` is then as it was.
  public static func write(_ arrays: [String: Tensor], to url: URL, compressed: Bool = false) throws(FileError) {
    try AtomicFile.write(to: url) { file throws(FileError) in
      let zip = try ZipWriter(file, compressed: compressed)
      for (name, array) in arrays.sorted(by: { $0.key < $1.key }) {
        let header = NpyHeader.encode(array)
        try array.withStoredBytes { elements throws(FileError) in
          try zip.write("\(name).npy", header, elements)
        }
      }
      try zip.finish()
    }
  }
}
