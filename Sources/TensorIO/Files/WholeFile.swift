import FoundationEssentials
import Glibc

/// The bytes of a file that is read at once, as a copy: a mapping would end the process when the file is cut off meanwhile.
package enum WholeFile {
  /// - Throws: ``FileError`` when the file can't be read.
  package static func read(_ url: URL) throws(FileError) -> [UInt8] {
    let path = url.path(percentEncoded: false)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw .system("read", path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { return bytes }
      if count > 0 {
        bytes.append(contentsOf: chunk[..<count])
      } else if errno != EINTR {
        throw .system("read", path)
      }
    }
  }
}
