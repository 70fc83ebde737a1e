import FoundationEssentials
import Glibc

/// A file that grows at its end, piece by piece: a piece is there whole, or the file is as it was.
struct AppendedFile: ~Copyable {
  /// The path, as messages name it.
  let path: String
  private let descriptor: Int32

  /// Opens the file, or makes an empty one. With `isNew` there must be none yet.
  init(_ url: URL, isNew: Bool = false) throws(FileError) {
    path = url.path(percentEncoded: false)
    descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | (isNew ? O_EXCL : 0), 0o666)
    if descriptor < 0 { throw .system("write", path) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Adds bytes by one write, so that whoever follows the file sees all of them or none.
  ///
  /// - Parameter durably: Whether to wait until they are on the disk.
  /// - Throws: ``FileError``, on a full disk say. What the system took of the bytes is then cut off again.
  func append(_ bytes: [UInt8], durably: Bool) throws(FileError) {
    let before = lseek(descriptor, 0, SEEK_END)
    var written = 0
    while written < bytes.count {
      // More than one only after a write that fell short: it is the next one that says why.
      let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written) }
      if count > 0 {
        written += count
      } else if count == 0 || errno != EINTR {
        throw restored(to: before, after: count == 0 ? ENOSPC : errno)
      }
    }
    if durably, fsync(descriptor) != 0 { throw restored(to: before, after: errno) }
  }

  /// Waits until all that was added is on the disk.
  func synchronize() throws(FileError) {
    if fsync(descriptor) != 0 { throw .system("write", path) }
  }

  /// Cuts off what follows the last line end: a line that was being written when the process was killed.
  func dropPartialLine() throws(FileError) {
    let end = lseek(descriptor, 0, SEEK_END)
    var kept = end
    var chunk = [UInt8](repeating: 0, count: 1 << 12)
    while kept > 0 {
      let start = max(0, kept - chunk.count)
      let count = pread(descriptor, &chunk, kept - start, off_t(start))
      if count != kept - start { throw .system(operation: "read", path: path, code: count < 0 ? errno : EIO) }
      if let line = chunk[..<count].lastIndex(of: UInt8(ascii: "\n")) {
        kept = start + line + 1
        break
      }
      kept = start
    }
    if kept < end, ftruncate(descriptor, off_t(kept)) != 0 { throw .system("write", path) }
  }

  private func restored(to length: Int, after code: Int32) -> FileError {
    ftruncate(descriptor, off_t(length))
    return .system(operation: "write", path: path, code: code)
  }
}
