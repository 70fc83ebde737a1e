import CArchive
import FoundationEssentials
import Glibc

/// The members of an archive, one after the other (libarchive).
package struct ArchiveReader: ~Copyable {
  /// What an archive may be.
  package enum Kind: Sendable {
    /// A zip file whose members its directory lists. The reader for streams does without that, and so would not miss it.
    case zip
    /// That, or tar, or tar in gzip.
    case zipOrTar

    fileprivate var words: String {
      switch self {
      case .zip: "a whole zip file"
      case .zipOrTar: "a whole zip or tar archive"
      }
    }
  }

  /// What the archive says of a member.
  package struct Member: Sendable {
    package let path: String
    package let isFile: Bool
    package let isFolder: Bool
    package let isEncrypted: Bool

    /// The path without "." parts; nil for one that is absolute, or leads out of the folder that the archive stands for.
    package var pathWithin: String? {
      let parts = path.split(separator: "/")
      if path.hasPrefix("/") || parts.contains("..") { return nil }
      return parts.filter { $0 != "." }.joined(separator: "/")
    }
  }

  private let archive: OpaquePointer
  /// libarchive reads from these bytes.
  let source: FileBytes
  private let kind: Kind
  private var member: String? = nil

  package init(_ url: URL, _ kind: Kind = .zipOrTar) throws(FileError) { try self.init(FileBytes(mapping: url), kind) }

  init(_ source: FileBytes, _ kind: Kind) throws(FileError) {
    guard let archive = archive_read_new() else { throw .system(operation: "read", path: source.name, code: ENOMEM) }
    archive_read_support_format_zip_seekable(archive)
    if kind == .zipOrTar {
      archive_read_support_format_tar(archive)
      archive_read_support_filter_gzip(archive)
    }
    guard archive_read_open_memory(archive, source.bytes.baseAddress, source.count) == ARCHIVE_OK else {
      defer { archive_read_free(archive) }
      throw Self.damaged(archive, source, kind, nil)
    }
    self.archive = archive
    self.source = source
    self.kind = kind
  }

  deinit { archive_read_free(archive) }

  /// Goes on to the next member; nil after the last.
  package mutating func next() throws(FileError) -> Member? {
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
    return Member(
      path: path, isFile: type == S_IFREG && archive_entry_hardlink(entry) == nil, isFolder: type == S_IFDIR,
      isEncrypted: archive_entry_is_encrypted(entry) != 0)
  }

  /// Reads up to `count` bytes of the member behind those that are there already; fewer only at its end, where its checksum is compared.
  ///
  /// Memory is taken as bytes come, whatever `count` is.
  mutating func read(_ count: Int, onto bytes: inout [UInt8]) throws(FileError) {
    let end = bytes.count + count
    while bytes.count < end {
      let start = bytes.count
      let piece = min(end - start, max(1 << 12, start))
      bytes.append(contentsOf: repeatElement(0, count: piece))
      let got = bytes.withUnsafeMutableBytes { archive_read_data(archive, $0.baseAddress.map { $0 + start }, piece) }
      if got < 0 { throw damaged() }
      bytes.removeLast(piece - got)
      if got == 0 { return }
    }
  }

  /// The member's next bytes, where libarchive has them, valid until the next call; nil at its end, where its checksum is compared. For archives
  /// without holes in their files: zip's.
  mutating func nextBlock() throws(FileError) -> UnsafeRawBufferPointer? {
    var block: UnsafeRawPointer?
    var (size, offset) = (0, la_int64_t(0))
    let code = archive_read_data_block(archive, &block, &size, &offset)
    if code == ARCHIVE_EOF { return nil }
    guard code == ARCHIVE_OK else { throw damaged() }
    return UnsafeRawBufferPointer(start: block, count: block == nil ? 0 : size)
  }

  /// All bytes of the member.
  ///
  /// - Parameter limit: How many bytes may come; lowered by those that have.
  /// - Throws: ``FileError`` when more come, or the archive is damaged.
  package mutating func contents(limit: inout Int) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    try read(limit == .max ? limit : limit + 1, onto: &bytes)
    if bytes.count > limit { throw overLimit(limit) }
    limit -= bytes.count
    return bytes
  }

  /// An error that names the archive and the member.
  package func unexpected(_ expected: String, found: String) -> FileError {
    .contents(file: source.name, key: member, expected: expected, found: found)
  }

  func overLimit(_ limit: Int) -> FileError {
    unexpected("at most \(limit) bytes more, uncompressed", found: "more")
  }

  private func damaged() -> FileError { Self.damaged(archive, source, kind, member) }

  private static func damaged(
    _ archive: OpaquePointer, _ source: FileBytes, _ kind: Kind, _ member: String?
  ) -> FileError {
    let words = archive_error_string(archive).map { String(cString: $0) } ?? "something else"
    return .contents(file: source.name, key: member, expected: kind.words, found: words)
  }
}
