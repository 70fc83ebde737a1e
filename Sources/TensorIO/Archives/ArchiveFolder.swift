import CArchive
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
    var members = try ArchiveMembers(source)
    var (bytes, files) = (0, 0)
    while let member = try members.next() {
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

/// An archive's members, one after the other.
private struct ArchiveMembers: ~Copyable {
  private let archive: OpaquePointer
  /// libarchive reads from these bytes.
  private let source: FileBytes
  private var member: String? = nil

  init(_ source: FileBytes) throws(FileError) {
    guard let archive = archive_read_new() else { throw .system(operation: "read", path: source.name, code: ENOMEM) }
    archive_read_support_format_zip_seekable(archive)
    archive_read_support_format_tar(archive)
    archive_read_support_filter_gzip(archive)
    guard archive_read_open_memory(archive, source.bytes.baseAddress, source.count) == ARCHIVE_OK else {
      defer { archive_read_free(archive) }
      throw Self.damaged(archive, source, nil)
    }
    self.archive = archive
    self.source = source
  }

  deinit { archive_read_free(archive) }

  mutating func next() throws(FileError) -> (path: String, isFolder: Bool)? {
    let locale = glassbox_use_utf8()
    defer { glassbox_restore_locale(locale) }
    member = nil
    var entry: OpaquePointer?
    let code = archive_read_next_header(archive, &entry)
    if code == ARCHIVE_EOF { return nil }
    guard code == ARCHIVE_OK, let entry, let name = archive_entry_pathname_utf8(entry) else { throw damaged() }
    let path = String(cString: name)
    member = path
    let type = archive_entry_filetype(entry)
    guard type == S_IFREG || type == S_IFDIR, archive_entry_hardlink(entry) == nil else {
      throw unexpected("a file or a folder", found: "a link or a device")
    }
    let parts = path.split(separator: "/")
    guard !path.hasPrefix("/"), !parts.isEmpty || type == S_IFDIR, !parts.contains("..") else {
      throw unexpected("a path within the folder", found: "one that leaves it")
    }
    return (parts.filter { $0 != "." }.joined(separator: "/"), type == S_IFDIR)
  }

  /// Writes the member to a file that must not be there; the number of bytes.
  func write(to path: String, limit: Int) throws(FileError) -> Int {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    if descriptor < 0 && errno == EEXIST { throw unexpected("every member once", found: "it twice") }
    if descriptor < 0 { throw .system("write", path) }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var total = 0
    while true {
      let count = buffer.withUnsafeMutableBytes { archive_read_data(archive, $0.baseAddress, $0.count) }
      if count < 0 { throw damaged() }
      if count == 0 { return total }
      total += count
      if total > limit { throw unexpected("at most \(limit) bytes more, uncompressed", found: "more") }
      var written = 0
      while written < count {
        let step = buffer.withUnsafeBytes { bytes in
          Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, count - written)
        }
        if step < 0 && errno == EINTR { continue }
        if step <= 0 { throw .system(operation: "write", path: path, code: step == 0 ? ENOSPC : errno) }
        written += step
      }
    }
  }

  func unexpected(_ expected: String, found: String) -> FileError {
    .contents(file: source.name, key: member, expected: expected, found: found)
  }

  private func damaged() -> FileError { Self.damaged(archive, source, member) }

  private static func damaged(_ archive: OpaquePointer, _ source: FileBytes, _ member: String?) -> FileError {
    let words = archive_error_string(archive).map { String(cString: $0) } ?? "something else"
    return .contents(file: source.name, key: member, expected: "a whole zip or tar archive", found: words)
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
