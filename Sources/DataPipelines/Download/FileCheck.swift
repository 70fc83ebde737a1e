import Foundation
import TensorIO

extension RemoteFile {
  /// Whether the file is at a path already, and is the right one.
  ///
  /// - Throws: ``DownloadError/differs(path:expected:found:)`` when another file is there, which stays as it is;
  ///   ``DownloadError/fileSystem(path:operation:reason:)`` when it cannot be read.
  func isPresent(at path: String) throws(DownloadError) -> Bool {
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 {
      if errno == ENOENT || errno == ENOTDIR { return false }
      throw .system("open", path)
    }
    defer { close(descriptor) }
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw .system("examine", path) }
    if status.st_mode & S_IFMT != S_IFREG {
      throw .fileSystem(path: path, operation: "use", reason: "it is not a file")
    }

    let found = try fingerprint(ofFile: descriptor, path)
    if found == published || variants.contains(found) { return true }
    if let contents, try fingerprint(insideArchive: descriptor, path, limit: contents.byteCount) == contents {
      return true
    }
    throw .differs(path: path, expected: self, found: found)
  }
}

private func fingerprint(ofFile descriptor: Int32, _ path: String) throws(DownloadError) -> Fingerprint {
  let hash = SHA256()
  var byteCount = 0
  try readFile(descriptor, path) { piece in
    hash.update(piece)
    byteCount += piece.count
  }
  return Fingerprint(byteCount: byteCount, sha256: hash.finish())
}

/// The fingerprint of what a gzip archive holds; nil when it is damaged or holds more than `limit` bytes.
private func fingerprint(
  insideArchive descriptor: Int32, _ path: String, limit: Int
) throws(DownloadError) -> Fingerprint? {
  let hash = SHA256()
  var byteCount = 0
  var failure: GzipError?
  do {
    var reader = try GzipReader(limit: limit)
    try readFile(descriptor, path) { piece in
      // After the first failure there is nothing more to read.
      if failure != nil { return }
      do throws(GzipError) {
        try reader.read(piece) { inside in
          hash.update(inside)
          byteCount += inside.count
        }
      } catch {
        failure = error
      }
    }
    try reader.finish()
  } catch let error as DownloadError {
    throw error
  } catch {
    return nil
  }
  return failure == nil ? Fingerprint(byteCount: byteCount, sha256: hash.finish()) : nil
}
