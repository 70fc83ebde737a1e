import CArchive
import Glibc

/// Reads the members of a zip file one after the other, as its directory lists them.
struct ZipReader: ~Copyable {
  private let archive: OpaquePointer
  /// libarchive reads from these bytes.
  private let source: FileBytes
  /// The member that is being read.
  private var member: String? = nil
  /// How many bytes ``contents(limit:)`` has found in place.
  private var placed = 0

  init(_ source: FileBytes) throws(FileError) {
    guard let archive = archive_read_new() else { throw .system(operation: "read", path: source.name, code: ENOMEM) }
    // Not the reader for streams, which does without the directory at the end, and so would not miss it.
    archive_read_support_format_zip_seekable(archive)
    guard archive_read_open_memory(archive, source.bytes.baseAddress, source.count) == ARCHIVE_OK else {
      defer { archive_read_free(archive) }
      throw Self.damaged(archive, source, nil)
    }
    self.archive = archive
    self.source = source
  }

  deinit { archive_read_free(archive) }

  /// Goes on to the next member and gives its name; nil after the last.
  mutating func next() throws(FileError) -> String? {
    let locale = glassbox_use_utf8()
    defer { glassbox_restore_locale(locale) }
    member = nil
    var entry: OpaquePointer?
    let code = archive_read_next_header(archive, &entry)
    if code == ARCHIVE_EOF { return nil }
    guard code == ARCHIVE_OK, let entry, let name = archive_entry_pathname_utf8(entry) else { throw damaged() }
    let member = String(cString: name)
    self.member = member
    if archive_entry_is_encrypted(entry) != 0 {
      throw .contents(
        file: source.name, key: member, expected: "a member that is not encrypted", found: "an encrypted one")
    }
    guard archive_entry_filetype(entry) == S_IFREG else {
      throw .contents(file: source.name, key: member, expected: "a file", found: "a folder or a link")
    }
    return member
  }

  /// Reads up to `count` bytes of the member; fewer only at its end, where its checksum is compared.
  ///
  /// Memory is taken as bytes come, whatever `count` is.
  mutating func read(_ count: Int) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let piece = min(count - bytes.count, max(1 << 16, bytes.count))
      let start = bytes.count
      bytes.append(contentsOf: repeatElement(0, count: piece))
      let got = bytes.withUnsafeMutableBytes { archive_read_data(archive, $0.baseAddress.map { $0 + start }, piece) }
      if got < 0 { throw damaged() }
      bytes.removeLast(piece - got)
      if got == 0 { break }
    }
    return bytes
  }

  /// All bytes of the member: in place where they stand in the file uncompressed, else a copy, which takes its length from
  /// `limit`. Its checksum is compared.
  mutating func contents(limit: inout Int) throws(FileError) -> FileExtent {
    var inPlace = 0..<0
    var copy: [UInt8] = []
    while true {
      var block: UnsafeRawPointer?
      var (size, offset) = (0, la_int64_t(0))
      let code = archive_read_data_block(archive, &block, &size, &offset)
      if code == ARCHIVE_EOF { break }
      guard code == ARCHIVE_OK else { throw damaged() }
      guard let block, size > 0 else { continue }
      if copy.isEmpty, let place = source.place(of: block, size),
        inPlace.isEmpty || inPlace.upperBound == place.lowerBound
      {
        inPlace = inPlace.isEmpty ? place : inPlace.lowerBound..<place.upperBound
        continue
      }
      guard size <= limit - copy.count - inPlace.count else {
        throw .contents(
          file: source.name, key: member, expected: "at most \(limit) bytes more, uncompressed", found: "more")
      }
      copy += source.bytes[inPlace]
      copy += UnsafeRawBufferPointer(start: block, count: size)
      inPlace = 0..<0
    }
    if !copy.isEmpty {
      limit -= copy.count
      let bytes = copy.span.bytes.withUnsafeBytes { FileBytes(copying: $0, name: source.name) }
      return FileExtent(owner: bytes, range: 0..<copy.count)
    }
    placed += inPlace.count
    if placed > source.count {
      throw .contents(file: source.name, key: member, expected: "members that do not overlap", found: "some that do")
    }
    return FileExtent(owner: source, range: inPlace)
  }

  private func damaged() -> FileError { Self.damaged(archive, source, member) }

  private static func damaged(_ archive: OpaquePointer, _ source: FileBytes, _ member: String?) -> FileError {
    let words = archive_error_string(archive).map { String(cString: $0) } ?? "something else"
    return .contents(file: source.name, key: member, expected: "a whole zip file", found: words)
  }
}

/// Writes a zip file, member by member.
struct ZipWriter: ~Copyable {
  private let archive: OpaquePointer
  private let path: String

  /// - Parameter file: Where to write to; it must outlive this object.
  init(_ file: borrowing FileWriter, compressed: Bool) throws(FileError) {
    guard let archive = archive_write_new() else { throw .system(operation: "write", path: file.path, code: ENOMEM) }
    archive_write_set_format_zip(archive)
    if compressed {
      archive_write_zip_set_compression_deflate(archive)
    } else {
      archive_write_zip_set_compression_store(archive)
    }
    archive_write_set_bytes_in_last_block(archive, 1)
    guard archive_write_open_fd(archive, file.descriptor) == ARCHIVE_OK else {
      defer { archive_write_free(archive) }
      throw Self.failure(archive, file.path)
    }
    self.archive = archive
    path = file.path
  }

  deinit { archive_write_free(archive) }

  /// Adds a member whose bytes stand in two parts.
  func write(_ name: String, _ start: [UInt8], _ rest: UnsafeRawBufferPointer) throws(FileError) {
    let locale = glassbox_use_utf8()
    defer { glassbox_restore_locale(locale) }
    guard let entry = archive_entry_new() else { throw .system(operation: "write", path: path, code: ENOMEM) }
    defer { archive_entry_free(entry) }
    // No time is set, so that the same arrays give the same file.
    archive_entry_set_pathname_utf8(entry, name)
    archive_entry_set_filetype(entry, S_IFREG)
    archive_entry_set_perm(entry, 0o644)
    archive_entry_set_size(entry, Int64(start.count + rest.count))
    try require(archive_write_header(archive, entry))
    try start.span.bytes.withUnsafeBytes { bytes throws(FileError) in try write(bytes) }
    try write(rest)
    try require(archive_write_finish_entry(archive))
  }

  private func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    if bytes.count > 0, archive_write_data(archive, bytes.baseAddress, bytes.count) != bytes.count { throw failure() }
  }

  /// Writes the directory that ends the file.
  func finish() throws(FileError) { try require(archive_write_close(archive)) }

  private func require(_ code: Int32) throws(FileError) {
    if code != ARCHIVE_OK { throw failure() }
  }

  private func failure() -> FileError { Self.failure(archive, path) }

  private static func failure(_ archive: OpaquePointer, _ path: String) -> FileError {
    let code = archive_errno(archive)
    return .system(operation: "write", path: path, code: code > 0 ? code : EIO)
  }
}
