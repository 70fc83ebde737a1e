import FoundationEssentials
import Glibc

/// Unpacks archives of files: zip, tar, and tar in gzip.
///
/// ```swift
/// func photos(_ archive: URL) throws -> URL {
///   let folder = archive.deletingPathExtension()
///   try ArchiveFolder.unpack(archive, into: folder, byteLimit: 1 << 30)
///   return folder
/// }
/// ```
public enum ArchiveFolder {
  /// Makes `folder` of what the archive holds. A folder that is there already is taken as it is, and nothing is read.
  ///
  /// The folder is there whole or not at all: files are written to a hidden folder beside it, which gets its name at the end. Members are
  /// files and folders; none may be a link, an absolute path, a path with "..", or there twice.
  ///
  /// - Parameters:
  ///   - byteLimit: The most bytes of all files together.
  ///   - fileLimit: The most files and folders.
  /// - Throws: ``FileError`` when the archive can't be read, is damaged or cut short, has such a member or more than the limits, or the
  ///   folder can't be written. What was unpacked so far is gone then.
  public static func unpack(
    _ archive: URL, into folder: URL, byteLimit: Int = 1 << 34, fileLimit: Int = 1 << 22
  ) throws(FileError) {
    let place = folder.path(percentEncoded: false).trimmingSuffix("/")
    if access(place, F_OK) == 0 { return }
    let source = try FileBytes(mapping: archive)
    let name = place.split(separator: "/").last.map(String.init) ?? ""
    let parent = String(place.dropLast(name.count))
    let temporary = "\(parent).\(name).\(String(UInt64.random(in: .min ... .max), radix: 36)).partial"
    guard mkdir(temporary, 0o777) == 0 else { throw .system("make the folder", temporary) }
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    var members = try ArchiveReader(source, .zipOrTar)
    var (bytes, files) = (0, 0)
    while let member = try members.nextWithin() {
      files += 1
      if files > fileLimit { throw members.unexpected("at most \(fileLimit) files and folders", found: "more") }
      let path = temporary + "/" + member.path
      try makeFolders(on: member.isFolder ? path + "/" : path, from: temporary.utf8.count + 1)
      if !member.isFolder { bytes += try members.write(to: path, limit: byteLimit - bytes) }
    }
    // The bytes are to be on the disk before the name is; one by one would take the disk's time thousands of times.
    sync()
    // Whoever unpacked the same archive meanwhile was first; that folder is as good.
    if rename(temporary, place) != 0, errno != EEXIST, errno != ENOTEMPTY { throw .system("make the folder", place) }
  }

  /// Makes every folder that `path` names with a "/" behind it, beyond its first `start` bytes.
  private static func makeFolders(on path: String, from start: Int) throws(FileError) {
    for index in path.utf8.indices.dropFirst(start) where path.utf8[index] == UInt8(ascii: "/") {
      let folder = String(path[..<index])
      if mkdir(folder, 0o777) != 0, errno != EEXIST { throw .system("make the folder", folder) }
    }
  }
}

extension ArchiveReader {
  /// The next file or folder, with a path that stays within the folder that it is unpacked into.
  fileprivate mutating func nextWithin() throws(FileError) -> (path: String, isFolder: Bool)? {
    guard let member = try next() else { return nil }
    guard member.isFile || member.isFolder else {
      throw unexpected("a file or a folder", found: "a link or a device")
    }
    guard let path = member.pathWithin, !path.isEmpty || member.isFolder else {
      throw unexpected("a path within the folder", found: "one that leaves it")
    }
    return (path, member.isFolder)
  }

  /// Writes the member to a file that must not be there; the number of bytes.
  fileprivate mutating func write(to path: String, limit: Int) throws(FileError) -> Int {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    if descriptor < 0 && errno == EEXIST { throw unexpected("every member once", found: "it twice") }
    if descriptor < 0 { throw .system("write", path) }
    defer { close(descriptor) }
    var total = 0
    while true {
      var block: [UInt8] = []
      try read(1 << 16, onto: &block)
      if block.isEmpty { return total }
      total += block.count
      if total > limit { throw overLimit(limit) }
      var written = 0
      while written < block.count {
        let step = block.withUnsafeBytes { bytes in
          Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
        }
        if step < 0 && errno == EINTR { continue }
        if step <= 0 { throw .system(operation: "write", path: path, code: step == 0 ? ENOSPC : errno) }
        written += step
      }
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
