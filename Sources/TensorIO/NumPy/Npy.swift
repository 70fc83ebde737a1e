import FoundationEssentials
import TensorCore

/// NumPy's file format for one array.
///
/// The format (NumPy Enhancement Proposal 1, 2007): `\x93NUMPY`, the format's version, the header's length, and a Python
/// dictionary with the element type, the order and the shape; then the elements. Versions 1.0, 2.0 and 3.0 are read, in
/// either byte order, row-major or column-major; 1.0 is written, little-endian and row-major.
///
/// | NumPy | here |
/// | --- | --- |
/// | `float32`, `float64`, `int32`, `int64`, `uint8`, `bool` | the same |
/// | `float16` | float32, which holds all its values |
///
/// ```swift
/// let bytes = Npy.encode(Tensor([[1, 2], [3, 4]]))
/// bytes.count  // → 160
/// try Npy.decode(bytes)  // → [[1, 2], [3, 4]]
/// ```
public enum Npy {
  /// Reads a file. Elements that stand in it as tensors have them are borrowed from it: it is mapped into memory, and read where it is looked at.
  ///
  /// - Throws: ``FileError`` when it cannot be read, is cut short or too long, or holds elements that tensors do not have:
  ///   records, Python objects (which are never unpickled), texts, complex numbers.
  public static func read(_ url: URL) throws(FileError) -> Tensor {
    let file = try FileBytes(mapping: url)
    return try withExtendedLifetime(file) { file throws(FileError) in
      try decode(file.bytes, file: file.name, key: nil, owner: file)
    }
  }

  /// Reads a file that is in memory already; `name` stands for it in messages.
  ///
  /// - Throws: ``FileError``, as ``read(_:)`` does.
  public static func decode(_ bytes: [UInt8], name: String = "npy data") throws(FileError) -> Tensor {
    try bytes.span.bytes.withUnsafeBytes { bytes throws(FileError) in try decode(bytes, file: name, key: nil) }
  }

  /// - Parameter owner: What keeps the bytes; nil: they are copied.
  static func decode(
    _ bytes: UnsafeRawBufferPointer, file: String, key: String?, owner: FileBytes? = nil
  ) throws(FileError) -> Tensor {
    let header = try NpyHeader(bytes, file: file, key: key)
    let elements = UnsafeRawBufferPointer(rebasing: bytes[header.size...])
    guard elements.count == header.byteCount else {
      throw .contents(
        file: file, key: key, expected: "\(header.byteCount) bytes for \(header.type) \(header.shape)",
        found: "\(elements.count)")
    }
    return try header.tensor(elements, file: file, key: key, owner: owner)
  }

  /// Writes a file, whole or not at all (see ``AtomicFile``). Stops when the tensor is bfloat16, which NumPy does not have.
  ///
  /// - Throws: ``FileError``. What stood at `url` is then as it was.
  public static func write(_ tensor: Tensor, to url: URL) throws(FileError) {
    let header = NpyHeader.encode(tensor)
    try AtomicFile.write(to: url) { file throws(FileError) in
      try file.write(header)
      try tensor.withStoredBytes { bytes throws(FileError) in try file.write(bytes) }
    }
  }

  /// The bytes of such a file.
  public static func encode(_ tensor: Tensor) -> [UInt8] {
    tensor.withUnsafeBytes { NpyHeader.encode(tensor) + $0 }
  }
}
