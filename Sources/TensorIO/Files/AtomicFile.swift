import FoundationEssentials
import Glibc

/// Writes files so that they are there whole, with their bytes on the disk, or not at all.
///
/// ```swift
/// let place = FileManager.default.temporaryDirectory.appending(path: "glassbox-example.txt")
/// try AtomicFile.write(to: place) { file throws(FileError) in
///   try file.write("epoch 7")
/// }
/// try String(contentsOf: place, encoding: .utf8)  // → epoch 7
/// ```
public enum AtomicFile {
  /// Calls `body` with a fresh file that takes the place at `url` when `body` returns.
  ///
  /// The fresh file stands in the same folder, without a name where the file system can do that. When `body` throws, it is
  /// gone; so it is when the process is killed, except on file systems without nameless files, where a file
  /// `.NAME.….partial` can be left. A symbolic link at `url` stays, and the file that it points to is replaced.
  ///
  /// - Throws: ``FileError``: what `body` throws, or what the system says; ``FileError/isDiskFull`` picks out a full disk.
  ///   Whatever stood at `url` is then as it was.
  public static func write(
    to url: URL, _ body: (borrowing FileWriter) throws(FileError) -> Void
  ) throws(FileError) {
    let writer = try FileWriter(for: try destination(of: url.path(percentEncoded: false)))
    try body(writer)
    try writer.commit()
  }

  /// The path to replace: behind symbolic links, and nothing but a regular file.
  private static func destination(of path: String) throws(FileError) -> String {
    var status = stat()
    if lstat(path, &status) != 0 {
      if errno == ENOENT { return path }
      throw .system("write", path)
    }
    var target = path
    if status.st_mode & S_IFMT == S_IFLNK {
      guard let real = realpath(path, nil) else { throw .system("follow the link", path) }
      target = String(cString: real)
      free(real)
      if stat(target, &status) != 0 { throw .system("write", target) }
    }
    if status.st_mode & S_IFMT == S_IFDIR { throw .system(operation: "write", path: target, code: EISDIR) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .contents(file: target, key: nil, expected: "a regular file, or none", found: "a device, pipe or socket")
    }
    return target
  }
}

/// The file that ``AtomicFile`` lends to the closure that fills it.
public struct FileWriter: ~Copyable {
  let descriptor: Int32
  /// Where the file will be.
  let path: String
  private let folder: String
  /// The name until then; nil while the file has none.
  private var temporary: String? = nil

  fileprivate init(for path: String) throws(FileError) {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    // O_TMPFILE, which is beyond Swift's importer. It takes /proc to give such a file a name later.
    let nameless =
      access("/proc/self/fd", X_OK) == 0 ? open(folder, 0o20_200_000 | O_WRONLY | O_CLOEXEC, 0o666) : -1
    self.path = path
    self.folder = folder
    if nameless >= 0 {
      descriptor = nameless
      return
    }
    let name = FileWriter.freshName(for: path, in: folder)
    let named = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    descriptor = named
    // With -1, deinit has nothing to close or remove.
    if named < 0 { throw .system("write", path) }
    temporary = name
  }

  deinit {
    if let temporary { unlink(temporary) }
    if descriptor >= 0 { close(descriptor) }
  }

  /// Appends bytes.
  ///
  /// - Throws: ``FileError``, for instance when the disk is full.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var written = 0
    while written < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      if count > 0 {
        written += count
      } else if count == 0 || errno != EINTR {
        throw .system(operation: "write", path: path, code: count == 0 ? ENOSPC : errno)
      }
    }
  }

  /// Appends bytes.
  public func write(_ bytes: [UInt8]) throws(FileError) {
    try bytes.span.bytes.withUnsafeBytes { bytes throws(FileError) in try write(bytes) }
  }

  /// Appends a text in UTF-8.
  public func write(_ text: String) throws(FileError) { try write(Array(text.utf8)) }

  /// Gives the file its place, once its bytes are on the disk.
  fileprivate consuming func commit() throws(FileError) {
    if fsync(descriptor) != 0 { throw .system("write", path) }
    if temporary == nil {
      let name = FileWriter.freshName(for: path, in: folder)
      if linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) != 0 {
        throw .system("write", path)
      }
      temporary = name
    }
    if let name = temporary, rename(name, path) != 0 { throw .system("write", path) }
    temporary = nil
    // The name is on the disk only when the folder is.
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  private static func freshName(for path: String, in folder: String) -> String {
    let name = String((path.split(separator: "/").last ?? "").unicodeScalars.prefix(50))
    let unique = String(UInt64.random(in: .min ... .max), radix: 36)
    // A file name has at most 255 bytes, and a scalar of it up to four.
    return "\(folder)/.\(name).\(unique).partial"
  }
}
