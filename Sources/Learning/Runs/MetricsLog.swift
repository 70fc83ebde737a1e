import Foundation
import TensorIO

/// A file of JSON Lines: one object a line, one line an epoch. A plotting tool may follow it as it grows.
public struct MetricsLog: Sendable {
  public let file: URL

  public init(file: URL) { self.file = file }

  /// Adds a line. When that fails, on a full disk say, the file is as it was.
  public func append(_ record: EpochRecord) throws(FileError) {
    let path = file.path(percentEncoded: false)
    let bytes = Array((try JSONFile.line(record, for: file) + "\n").utf8)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw .system(operation: "write", path: path, code: errno) }
    defer { close(descriptor) }
    let before = lseek(descriptor, 0, SEEK_END)
    let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
    let code = written < 0 ? errno : ENOSPC
    if written == bytes.count, fsync(descriptor) == 0 { return }
    ftruncate(descriptor, before)
    throw .system(operation: "write", path: path, code: written == bytes.count ? errno : code)
  }

  /// The lines so far; none when there is no file. A last line that was cut off is left out.
  ///
  /// - Throws: ``FileError`` when the file can't be read or another line is damaged.
  public func read() throws(FileError) -> [EpochRecord] {
    guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { return [] }
    let data = try JSONFile.bytes(of: file)
    var epochs: [EpochRecord] = []
    var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // What follows the last line's end: nothing, or a line that was being written when the process was killed.
    lines.removeLast()
    for (index, line) in lines.enumerated() {
      epochs.append(try JSONFile.decoded(EpochRecord.self, Data(line), file, key: "line \(index + 1)"))
    }
    return epochs
  }

  /// Writes these lines in the place of all that was there, in one step.
  public func replace(with records: [EpochRecord]) throws(FileError) {
    var text = ""
    for record in records { text += try JSONFile.line(record, for: file) + "\n" }
    let bytes = text
    try AtomicFile.write(to: file) { writer throws(FileError) in try writer.write(bytes) }
  }
}
