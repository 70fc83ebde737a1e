import Foundation

/// The file that a download grows in, `NAME.partial`, held under a lock so that one process at a time writes to it.
///
/// The lock (`flock`) is on the partial file itself and goes with the descriptor: when a process dies, its lock is gone
/// and the bytes are there to go on from. All properties are constants, so the class is Sendable; what changes is the
/// file, which the kernel guards.
final class PartialFile: Sendable {
  let path: String
  private let descriptor: Int32

  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Opens the partial file, made if absent, unless another download holds it.
  ///
  /// - Returns: nil, and the size it has grown to, while another download holds it.
  static func open(_ path: String) throws(DownloadError) -> (file: PartialFile?, size: Int) {
    while true {
      let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
      if descriptor < 0 { throw .system("create", path) }
      let file = PartialFile(path: path, descriptor: descriptor)
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
        if errno == EINTR { continue }
        if errno == EWOULDBLOCK { return (nil, try file.size()) }
        // A file system without locks: go on without. The hash still decides whether the result is right.
      }
      // The download that had the lock may have renamed or removed the file since it was opened here.
      var opened = stat()
      var named = stat()
      if fstat(descriptor, &opened) == 0, stat(path, &named) == 0,
        opened.st_ino == named.st_ino, opened.st_dev == named.st_dev
      {
        return (file, Int(opened.st_size))
      }
    }
  }

  /// The size so far, in bytes.
  func size() throws(DownloadError) -> Int {
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw .system("examine", path) }
    return Int(status.st_size)
  }

  /// Stops unless the disk has room for `count` bytes more.
  func requireSpace(for count: Int) throws(DownloadError) {
    var status = statvfs()
    // A file system that cannot tell is written to all the same.
    guard fstatvfs(descriptor, &status) == 0, status.f_blocks > 0 else { return }
    let (available, overflow) = UInt(status.f_bavail).multipliedReportingOverflow(by: UInt(status.f_frsize))
    if !overflow, available < UInt(max(0, count)) { throw .noSpace(path: path, needed: count) }
  }

  /// Writes all bytes at a position.
  ///
  /// - Parameter total: The size the file is to reach, for the message when the disk is full.
  func write(_ data: Data, at position: Int, total: Int) throws(DownloadError) {
    var written = 0
    while written < data.count {
      let count = data.withUnsafeBytes { bytes in
        let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
        return pwrite(descriptor, rest.baseAddress, rest.count, off_t(position + written))
      }
      if count > 0 {
        written += count
      } else if count == 0 || errno == ENOSPC || errno == EDQUOT {
        throw .noSpace(path: path, needed: total - position - written)
      } else if errno != EINTR {
        throw .system("write to", path)
      }
    }
  }

  /// Cuts the file to a length in bytes.
  func truncate(to length: Int) throws(DownloadError) {
    if try size() > length, ftruncate(descriptor, off_t(length)) != 0 { throw .system("shorten", path) }
  }

  /// The SHA-256 of the file as it is on disk.
  func sha256() throws(DownloadError) -> String {
    let hash = SHA256()
    try readFile(descriptor, path) { hash.update($0) }
    return hash.finish()
  }

  /// Gives the file its final name, once its bytes are on the disk.
  func commit(as destination: String) throws(DownloadError) {
    if fsync(descriptor) != 0 {
      throw errno == ENOSPC || errno == EDQUOT ? .noSpace(path: path, needed: 0) : .system("save", path)
    }
    if rename(path, destination) != 0 { throw .system("rename \(path) to", destination) }
    // The name is on the disk only when the folder is.
    let folder = Foundation.open((destination as NSString).deletingLastPathComponent, O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  /// Removes the file. The lock lasts until this object is gone.
  func remove() {
    unlink(path)
  }

  /// Removes the file if there is nothing in it to go on from.
  func removeIfEmpty() throws(DownloadError) {
    if try size() == 0 { remove() }
  }
}

/// Hands on a file's bytes from its beginning, in pieces of up to 1 MiB.
func readFile(
  _ descriptor: Int32, _ path: String, into receive: (UnsafeRawBufferPointer) -> Void
) throws(DownloadError) {
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
  defer { buffer.deallocate() }
  var position = 0
  while true {
    let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(position))
    if count == 0 { return }
    if count > 0 {
      receive(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      position += count
    } else if errno != EINTR {
      throw .system("read", path)
    }
  }
}

extension DownloadError {
  /// The error for the system call that has just failed.
  static func system(_ operation: String, _ path: String) -> DownloadError {
    let code = errno
    return .fileSystem(path: path, operation: operation, reason: String(cString: strerror(code)))
  }
}
