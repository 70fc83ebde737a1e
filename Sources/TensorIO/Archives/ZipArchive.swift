import CArchive
import Glibc

/// Reads the members of a zip file one after the other, as its directory lists them.
struct ZipReader: ~Copyable {
  private var members: ArchiveReader
  /// How many bytes ``contents(limit:)`` has found in place.
  private var placed = 0

  init(_ source: FileBytes) throws(FileError) { members = try ArchiveReader(source, .zip) }

  /// Goes on to the next member and gives its name; nil after the last.
  mutating func next() throws(FileError) -> String? {
    guard let member = try members.next() else { return nil }
    if member.isEncrypted { throw members.unexpected("a member that is not encrypted", found: "an encrypted one") }
    guard member.isFile else { throw members.unexpected("a file", found: "a folder or a link") }
    return member.path
  }

  /// Reads up to `count` bytes of the member; fewer only at its end, where its checksum is compared.
  mutating func read(_ count: Int) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    try members.read(count, onto: &bytes)
    return bytes
  }

  /// All bytes of the member: in place where they stand in the file uncompressed, else a copy, which takes its length from
  /// `limit`. Its checksum is compared.
  mutating func contents(limit: inout Int) throws(FileError) -> FileExtent {
    let source = members.source
    var inPlace = 0..<0
    var copy: [UInt8] = []
    while let block = try members.nextBlock() {
      guard let start = block.baseAddress, block.count > 0 else { continue }
      if copy.isEmpty, let place = source.place(of: start, block.count),
        inPlace.isEmpty || inPlace.upperBound == place.lowerBound
      {
        inPlace = inPlace.isEmpty ? place : inPlace.lowerBound..<place.upperBound
        continue
      }
      if block.count > limit - copy.count - inPlace.count { throw members.overLimit(limit) }
      copy += source.bytes[inPlace]
      copy += block
      inPlace = 0..<0
    }
    if !copy.isEmpty {
      limit -= copy.count
      let bytes = copy.span.bytes.withUnsafeBytes { FileBytes(copying: $0, name: source.name) }
      return FileExtent(owner: bytes, range: 0..<copy.count)
    }
    placed += inPlace.count
    if placed > source.count { throw members.unexpected("members that do not overlap", found: "some that do") }
    return FileExtent(owner: source, range: inPlace)
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
