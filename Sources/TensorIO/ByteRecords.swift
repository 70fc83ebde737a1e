import FoundationEssentials
import TensorCore

/// Reads files of records of equal length and nothing else, as CIFAR's are.
public enum ByteRecords {
  /// The records as uint8 [count, length].
  ///
  /// ```swift
  /// let file = FileManager.default.temporaryDirectory.appending(path: "glassbox-records.bin")
  /// try AtomicFile.write(to: file) { file throws(FileError) in try file.write([1, 2, 3, 4, 5, 6]) }
  /// try ByteRecords.read(file, length: 3, count: 2)  // → [[1, 2, 3], [4, 5, 6]]
  /// ```
  ///
  /// - Throws: ``FileError`` when the file can't be read or holds another number of bytes than `count` records have.
  public static func read(_ url: URL, length: Int, count: Int) throws(FileError) -> Tensor {
    let file = try FileBytes(mapping: url)
    guard file.count == length * count else {
      throw .contents(
        file: file.name, key: nil, expected: "\(count) records of \(length) bytes, \(length * count) in all",
        found: "\(file.count) bytes")
    }
    return withExtendedLifetime(file) { Tensor(bytes: file.bytes, shape: [count, length], dtype: .uint8) }
  }
}
