import FoundationEssentials
import TensorCore

/// A safetensors file: named tensors, read in place.
///
/// Opening one checks its whole header and reads no tensor. A tensor borrows its bytes from the mapped file, so that a
/// large file costs memory only for the parts that are looked at; writing to the tensor copies it. The file must not be
/// cut short or written to while such tensors are in use; replacing it (as ``write(_:metadata:to:)`` does) is safe.
///
/// The format (github.com/huggingface/safetensors, 2022): 8 bytes with the header's length n, little-endian; n bytes of
/// JSON with each tensor's dtype, shape and place; the tensors' row-major bytes, without gaps.
///
/// ```swift
/// let file = try SafeTensors(encoded: SafeTensors.encode(["weight": Tensor([[1.0, 2.0]])]))
/// file.names  // → ["weight"]
/// try file["weight"]  // → [[1.0, 2.0]]
/// ```
public struct SafeTensors: Sendable {
  /// Free text that the file carries along.
  public let metadata: [String: String]
  /// The tensors' names in the order of their bytes in the file.
  public let names: [String]

  private let source: FileBytes
  private let entries: [String: SafeTensorsHeader.Entry]

  /// Opens a file.
  ///
  /// - Throws: ``FileError`` when it cannot be read, or when its header is not as the format demands: not JSON, longer than
  ///   100 MB, with a name twice, places that overlap, leave gaps or lie outside the file, or a length that is not the shape's.
  public init(contentsOf url: URL) throws(FileError) {
    try self.init(FileBytes(mapping: url))
  }

  /// Reads a file that is in memory already; `name` stands for it in messages.
  ///
  /// - Throws: ``FileError``, as ``init(contentsOf:)`` does.
  public init(encoded bytes: [UInt8], name: String = "safetensors data") throws(FileError) {
    try self.init(bytes.span.bytes.withUnsafeBytes { FileBytes(copying: $0, name: name) })
  }

  private init(_ source: FileBytes) throws(FileError) {
    let header = try withExtendedLifetime(source) { source throws(FileError) in
      try SafeTensorsHeader(source.bytes, file: source.name)
    }
    self.source = source
    metadata = header.metadata
    names = header.names
    entries = header.entries
  }

  /// A tensor by name. F16 becomes float32, which holds all its values.
  ///
  /// - Throws: ``FileError`` when there is none of that name, its element type is none of F64, F32, F16, BF16, I64, I32, U8 and
  ///   BOOL, or a bool in it is neither 0 nor 1.
  public subscript(name: String) -> Tensor {
    get throws(FileError) {
      guard let entry = entries[name] else {
        let some = names.sorted().prefix(8).map(quoted).joined(separator: ", ")
        throw .contents(
          file: source.name, key: name, expected: "a tensor of that name",
          found: names.isEmpty ? "no tensors at all" : "only \(some)\(names.count > 8 ? ", … (\(names.count))" : "")")
      }
      return try withExtendedLifetime(source) { source throws(FileError) in try tensor(name, entry, in: source) }
    }
  }

  /// All tensors by name.
  ///
  /// - Throws: ``FileError``, as the subscript does.
  public func tensors() throws(FileError) -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for name in names { tensors[name] = try self[name] }
    return tensors
  }

  private func tensor(
    _ name: String, _ entry: SafeTensorsHeader.Entry, in source: FileBytes
  ) throws(FileError) -> Tensor {
    let bytes = UnsafeRawBufferPointer(rebasing: source.bytes[entry.bytes])
    let shape = try StoredShape(entry.dimensions, file: source.name, key: name).shape
    if entry.type == .float16 { return Tensor(float16: bytes, shape: shape) }
    guard let dtype = entry.type.dtype else {
      throw .contents(
        file: source.name, key: name, expected: "one of F64, F32, F16, BF16, I64, I32, U8, BOOL",
        found: "the element type \(entry.type.rawValue), which tensors do not have")
    }
    let isAligned = bytes.baseAddress.map { Int(bitPattern: $0) % dtype.size == 0 } ?? true
    if !isAligned { return try Tensor(stored: bytes, shape: shape, dtype: dtype, file: source.name, key: name) }
    if dtype == .bool {
      try Tensor(borrowing: bytes, shape: [bytes.count], dtype: .uint8, owner: source).requireBools(source.name, name)
    }
    return Tensor(borrowing: bytes, shape: shape, dtype: dtype, owner: source)
  }
}
