import Glibc

/// Why a file could not be read or written.
///
/// A file that was there before a failed write is as it was.
///
/// ```swift
/// FileError.contents(file: "a.npy", key: nil, expected: "24 bytes", found: "20")  // → a.npy: expected 24 bytes, found 20.
/// ```
public enum FileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The system refused an operation; `code` is its `errno`.
  case system(operation: String, path: String, code: Int32)
  /// The file is not what it should be. `key` names the part of it: a tensor, or an archive's member.
  case contents(file: String, key: String?, expected: String, found: String)

  /// Whether the disk, or the user's share of it, is full.
  public var isDiskFull: Bool {
    if case .system(_, _, let code) = self { code == ENOSPC || code == EDQUOT } else { false }
  }

  public var description: String {
    switch self {
    case .system(let operation, let path, _) where isDiskFull:
      "Cannot \(operation) \(path): no space left on the disk."
    case .system(let operation, let path, let code):
      "Cannot \(operation) \(path): \(String(cString: strerror(code)))."
    case .contents(let file, let key, let expected, let found):
      "\(file)\(key.map { ", \(quoted($0))" } ?? ""): expected \(expected), found \(found)."
    }
  }

  /// The error for the system call that has just failed.
  static func system(_ operation: String, _ path: String) -> FileError {
    .system(operation: operation, path: path, code: errno)
  }
}

/// A text from a file as a message shows it: in quotes, control characters escaped, not too long.
func quoted(_ text: String) -> String {
  let start = text.unicodeScalars.prefix(100)
  return (start.count < text.unicodeScalars.count ? String(start) + "…" : text).debugDescription
}
