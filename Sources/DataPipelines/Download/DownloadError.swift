/// Why a file of a data set could not be had.
///
/// Whatever the case, a file that was complete before is as it was.
public enum DownloadError: Error, Sendable, CustomStringConvertible {
  /// The file that is there is not the one expected. It was left as it is.
  case differs(path: String, expected: RemoteFile, found: Fingerprint)
  /// No mirror gave the file; `failures` has one entry for each, in the order tried. `alsoAbsent` names the data set's
  /// other files that are not there.
  case unavailable(file: RemoteFile, path: String, failures: [MirrorFailure], alsoAbsent: [String] = [])
  /// The disk has no room for the `needed` bytes still to come.
  case noSpace(path: String, needed: Int)
  /// An operation on a file or folder failed; `reason` is the system's own word.
  case fileSystem(path: String, operation: String, reason: String)
  /// The task was cancelled. What had arrived is kept, and the next download goes on from there.
  case cancelled(file: String)

  public var description: String {
    switch self {
    case .differs(let path, let expected, let found):
      let contents = expected.contents.map { ", or a gzip archive of \($0)" } ?? ""
      return """
        \(path) is not the file that belongs there.
          expected: \(expected.published)\(contents)
          found:    \(found)
        It was left as it is. Move it away to download the right one.
        """
    case .unavailable(let file, let path, let failures, let alsoAbsent):
      return Self.describeUnavailable(file, path, failures, alsoAbsent)
    case .noSpace(let path, let needed):
      return "No space left on the disk: \(path) needs \(needed) bytes more. "
        + "Make room, or set GLASSBOX_DATA to a folder on another disk."
    case .fileSystem(let path, let operation, let reason):
      return "Cannot \(operation) \(path): \(reason)."
    case .cancelled(let file):
      return "The download of \(file) was cancelled; the next one goes on from there."
    }
  }

  private static func describeUnavailable(
    _ file: RemoteFile, _ path: String, _ failures: [MirrorFailure], _ alsoAbsent: [String]
  ) -> String {
    let offline = !failures.isEmpty && failures.allSatisfy { $0.reason.isUnreachable }
    let guess = offline ? ": no mirror can be reached; is there a network?" : "."
    var lines = ["Could not download \(file.name)\(guess)"]
    lines += failures.map { "  \($0)" }
    lines += ["To go without the network, put the file here:", "  \(path)", "  (\(file.published)"]
    if let contents = file.contents { lines.append("  or any gzip archive of \(contents)") }
    lines[lines.count - 1] += ")"
    if !alsoAbsent.isEmpty { lines.append("and beside it \(alsoAbsent.joined(separator: ", ")).") }
    return lines.joined(separator: "\n")
  }
}

/// A mirror, and why it did not give the file.
public struct MirrorFailure: Sendable, Equatable, CustomStringConvertible {
  public let address: String
  public let reason: Reason

  public enum Reason: Sendable, Equatable, CustomStringConvertible {
    /// The server answered with this HTTP status instead of the file.
    case status(Int)
    /// No connection came about; the network library's words.
    case unreachable(String)
    /// The connection ended early: `received` of `expected` bytes are there, and are kept.
    case interrupted(received: Int, expected: Int, words: String)
    /// Nothing arrived for this many seconds.
    case timedOut(seconds: Int)
    /// The file has the wrong size; `found` is nil when it was larger and not read to the end.
    case wrongLength(expected: Int, found: Int?)
    /// The bytes are not the expected ones.
    case wrongHash(expected: String, found: String)
    /// The server sent another part of the file than the one asked for; its `Content-Range`, or its status.
    case wrongRange(String)
    /// The server compressed the file on its way, so that its bytes cannot be checked; its `Content-Encoding`.
    case encoded(String)
    /// The server points to an address that is neither http nor https.
    case unsafeRedirect(String)
    /// The mirror's own address is neither http nor https.
    case badAddress
    /// Anything else; the network library's words.
    case failed(String)

    /// True when the server was not reached at all.
    var isUnreachable: Bool {
      if case .unreachable = self { true } else { false }
    }

    public var description: String {
      switch self {
      case .status(let code): "the server answered with HTTP status \(code)"
      case .unreachable(let words): "no connection (\(words))"
      case .interrupted(let received, let expected, let words):
        "the connection ended after \(received) of \(expected) bytes (\(words))"
      case .timedOut(let seconds): "nothing arrived for \(seconds) s"
      case .wrongLength(let expected, let found?): "wrong size: expected \(expected) bytes, found \(found)"
      case .wrongLength(let expected, nil): "wrong size: expected \(expected) bytes, found more"
      case .wrongHash(let expected, let found): "wrong SHA-256: expected \(expected), found \(found)"
      case .wrongRange(let words): "the server did not send the part asked for (\(words))"
      case .encoded(let coding): "the server encoded the file as \(coding), unasked"
      case .unsafeRedirect(let target): "redirected to \(target), which is neither http nor https"
      case .badAddress: "not an http or https address"
      case .failed(let words): words
      }
    }
  }

  public var description: String { "\(address): \(reason)" }
}
