import FoundationEssentials
import TensorCore

/// Reads IDX files, the format of MNIST, plain or inside a gzip archive.
///
/// The format (Y. LeCun, 1998): two zero bytes, the element type, the number of dimensions, each size in four bytes, the
/// row-major elements; all numbers big-endian. Element types are 08 (uint8), 09 (int8), 0B (int16), 0C (int32),
/// 0D (float32) and 0E (float64); int8 and int16 are read as int32.
///
/// ```swift
/// try IDX.decode([0, 0, 8, 1, 0, 0, 0, 3, 7, 8, 9])  // → [7, 8, 9]
/// ```
public enum IDX {
  /// Reads a file; what it holds, and not its name, tells whether it is compressed.
  ///
  /// - Parameter limit: The most bytes to accept, uncompressed.
  /// - Throws: ``FileError`` when it cannot be read, or is damaged, cut short, longer than its header says, or beyond the limit.
  public static func read(_ url: URL, limit: Int = 1 << 32) throws(FileError) -> Tensor {
    let file = try FileBytes(mapping: url)
    return try withExtendedLifetime(file) { file throws(FileError) in
      try decode(file.bytes, name: file.name, limit: limit)
    }
  }

  /// Reads a file that is in memory already; `name` stands for it in messages.
  ///
  /// - Throws: ``FileError``, as ``read(_:limit:)`` does.
  public static func decode(_ bytes: [UInt8], name: String = "IDX data", limit: Int = 1 << 32) throws(FileError)
    -> Tensor
  {
    try bytes.span.bytes.withUnsafeBytes { bytes throws(FileError) in try decode(bytes, name: name, limit: limit) }
  }

  private static func decode(_ bytes: UnsafeRawBufferPointer, name: String, limit: Int) throws(FileError) -> Tensor {
    if bytes.starts(with: [0x1f, 0x8b]) {
      let inside: [UInt8]
      do throws(GzipError) {
        inside = try Gzip.decompress(bytes, limit: limit)
      } catch {
        throw .contents(file: name, key: nil, expected: "a whole gzip archive", found: error.description)
      }
      return try inside.span.bytes.withUnsafeBytes { inside throws(FileError) in try tensor(inside, name) }
    }
    if bytes.count > limit {
      throw .contents(file: name, key: nil, expected: "at most \(limit) bytes", found: "\(bytes.count)")
    }
    return try tensor(bytes, name)
  }

  private static func tensor(_ bytes: UnsafeRawBufferPointer, _ name: String) throws(FileError) -> Tensor {
    guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0, let type = ElementType(rawValue: bytes[2]) else {
      let start = bytes.prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
      throw .contents(
        file: name, key: nil,
        expected: "an IDX file: bytes 00 00, a type from 08, 09, 0b to 0e, the number of dimensions",
        found: start.isEmpty ? "an empty file" : start)
    }
    let rank = Int(bytes[3])
    let start = 4 + 4 * rank
    guard bytes.count >= start else {
      throw .contents(file: name, key: nil, expected: "a header of \(start) bytes", found: "\(bytes.count)")
    }
    let sizes = (0..<rank).map { axis in
      Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4 + 4 * axis, as: UInt32.self)))
    }
    let shape = try StoredShape(sizes, file: name, key: nil).shape
    let elements = UnsafeRawBufferPointer(rebasing: bytes[start...])
    guard elements.count == shape.elementCount * type.size else {
      throw .contents(
        file: name, key: nil, expected: "\(shape.elementCount * type.size) bytes for \(shape) of \(type)",
        found: "\(elements.count)")
    }
    let native = reversingElements(elements, size: type.size)
    return native.withUnsafeBytes { type.tensor($0, shape) }
  }

  /// The element types by their code.
  private enum ElementType: UInt8 {
    case uint8 = 0x08
    case int8 = 0x09
    case int16 = 0x0b
    case int32 = 0x0c
    case float32 = 0x0d
    case float64 = 0x0e

    /// Bytes per element.
    var size: Int {
      switch self {
      case .uint8, .int8: 1
      case .int16: 2
      case .int32, .float32: 4
      case .float64: 8
      }
    }

    /// A tensor from little-endian elements.
    func tensor(_ bytes: UnsafeRawBufferPointer, _ shape: Shape) -> Tensor {
      switch self {
      case .uint8: Tensor(bytes: bytes, shape: shape, dtype: .uint8)
      case .int8: Tensor(int8: bytes, shape: shape)
      case .int16: Tensor(int16: bytes, shape: shape)
      case .int32: Tensor(bytes: bytes, shape: shape, dtype: .int32)
      case .float32: Tensor(bytes: bytes, shape: shape, dtype: .float32)
      case .float64: Tensor(bytes: bytes, shape: shape, dtype: .float64)
      }
    }
  }
}
