import FoundationEssentials
import Glibc

/// The bytes of a file, mapped into memory, or a copy of given bytes: what tensors borrow.
///
/// A file that another program cuts short while it is mapped ends this one; one that is replaced by renaming, as
/// ``AtomicFile`` does, stays as it was when it was mapped.
final class FileBytes: Sendable {
  /// The path, as messages name it.
  let name: String
  let count: Int
  /// Safe to share: the bytes are never written, and are there until `deinit`.
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer?
  private let isMapped: Bool

  /// Maps a file. Its pages are read when they are looked at.
  init(mapping url: URL) throws(FileError) {
    let path = url.path(percentEncoded: false)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor < 0 { throw .system("read", path) }
    defer { close(descriptor) }
    var status = stat()
    if fstat(descriptor, &status) != 0 { throw .system("read", path) }
    if status.st_mode & S_IFMT == S_IFDIR { throw .system(operation: "read", path: path, code: EISDIR) }
    if status.st_mode & S_IFMT != S_IFREG {
      throw .contents(file: path, key: nil, expected: "a regular file", found: "a device, pipe or socket")
    }
    name = path
    count = Int(status.st_size)
    isMapped = count > 0
    if count == 0 {
      base = nil
      return
    }
    let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    if address == MAP_FAILED { throw .system("read", path) }
    base = address
  }

  /// Copies bytes, aligned for every dtype.
  init(copying bytes: UnsafeRawBufferPointer, name: String) {
    self.name = name
    count = bytes.count
    isMapped = false
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
    block.copyMemory(from: bytes)
    base = block.baseAddress
  }

  deinit {
    if isMapped { munmap(base, count) } else { base?.deallocate() }
  }

  /// Valid as long as this object: use it inside `withExtendedLifetime`, or hand the object on as the owner.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// Where `count` bytes at an address stand in these; nil when they stand elsewhere.
  func place(of address: UnsafeRawPointer, _ count: Int) -> Range<Int>? {
    guard let base else { return nil }
    let start = UnsafeRawPointer(base).distance(to: address)
    return start >= 0 && count <= self.count - start ? start..<(start + count) : nil
  }
}

/// A part of a file's bytes, which the owner keeps.
struct FileExtent: Sendable {
  let owner: FileBytes
  let range: Range<Int>

  /// Valid as long as the owner: use it inside `withExtendedLifetime`.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: owner.bytes[range]) }
}
