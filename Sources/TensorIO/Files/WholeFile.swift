import FoundationEssentials
import Glibc

/// The bytes of a file that is read at once, as a copy: a mapping would end the process when the file is cut off meanwhile.
package enum WholeFile {
  /// - Throws: ``FileError`` when the file can't be read.
  package static func read(_ url: URL) throws(FileError) -> [UInt8] {
    var limit = Int.max
    return try read(url, flags: 0, limit: &limit)
  }

  /// Reads a file that came with others, such that none of them takes all memory, or never ends.
  ///
  /// - Parameter limit: How many bytes may come; lowered by those that have.
  /// - Throws: ``FileError`` when the file can't be read, is a device or a pipe, or more bytes come.
  package static func read(_ url: URL, limit: inout Int) throws(FileError) -> [UInt8] {
    try read(url, flags: O_NONBLOCK, limit: &limit)
  }

  private static func read(_ url: URL, flags: Int32, limit: inout Int) throws(FileError) -> [UInt8] {
    let path = url.path(percentEncoded: false)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | flags)
    if descriptor < 0 { throw .system("read", path) }
    defer { close(descriptor) }
    var status = stat()
    if flags != 0, fstat(descriptor, &status) != 0 || status.st_mode & S_IFMT != S_IFREG {
      throw .contents(file: path, key: nil, expected: "a file", found: "a folder, a device or a pipe")
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 {
        limit -= bytes.count
        return bytes
      }
      if count > limit - bytes.count {
        throw .contents(file: path, key: nil, expected: "at most \(limit) bytes more", found: "more")
      }
      if count > 0 {
        bytes.append(contentsOf: chunk[..<count])
      } else if errno != EINTR {
        throw .system("read", path)
      }
    }
  }
}
