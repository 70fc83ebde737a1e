import Foundation
import Synchronization

/// Lines for whoever reads along: on a terminal or in a pipe they arrive at once, not when a buffer is full.
enum Output {
  private static let errorCode = Atomic<Int32>(0)

  static func line(_ text: String = "") { write(text + "\n", to: STDOUT_FILENO) }

  /// Without an end of line.
  static func text(_ text: String) { write(text, to: STDOUT_FILENO) }

  static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

  /// Why standard output could not be written, if that happened: to be reported at the end, the work being worth more.
  static var failure: OutputError? {
    let code = errorCode.load(ordering: .relaxed)
    return code == 0 ? nil : OutputError(code: code)
  }

  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        if errno == EINTR { continue }
        if descriptor == STDOUT_FILENO { errorCode.store(errno, ordering: .relaxed) }
        return
      }
      bytes = bytes.dropFirst(written)
    }
  }
}

/// Standard output could not be written.
struct OutputError: Error, CustomStringConvertible {
  /// The system's `errno`.
  let code: Int32

  var description: String { "Not all could be printed: \(String(cString: strerror(code))). The run itself is whole." }
}
