import CellExecution
import Foundation
import NotebookDisplay
import Synchronization

/// A program that speaks JSON-RPC on its standard input and output.
///
/// Both are one socket, which it reads to its end: so it ends when we close ours, or end ourselves, in whatever way. One thread starts it,
/// reads all that comes, and waits for its end.
final class ServerProcess: Sendable {
  /// What it says, as long as it runs and writes well-formed messages.
  let messages: AsyncStream<JSON>
  let id: pid_t
  private let child: ChildProcess
  private let socket: Mutex<Int32?>
  /// Writing waits for one that does not read; nobody else does.
  private let writing = DispatchQueue(label: "language server")

  init(_ path: String, _ arguments: [String] = [], directory: String) throws(CellExecutionError) {
    var ends: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw CellExecutionError("no socket: \(String(cString: strerror(errno)))")
    }
    let (own, theirs) = (ends[0], ends[1])
    let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
    var environment = ProcessInfo.processInfo.environment
    environment["SWIFT_BACKTRACE"] = "enable=no"  // it takes seconds
    defer {
      close(theirs)
      close(nowhere)
    }
    do throws(CellExecutionError) {
      child = try ChildProcess(
        path, arguments, environment: environment, directory: directory, files: [0: theirs, 1: theirs, 2: nowhere])
    } catch {
      close(own)
      throw error
    }
    id = child.id
    socket = Mutex(own)
    let (messages, continuation) = AsyncStream.makeStream(of: JSON.self)
    self.messages = messages
    Thread.detachNewThread { [self] in
      read(own) { continuation.yield($0) }
      end(own)
      continuation.finish()
    }
  }

  func send(_ message: JSON) {
    let bytes = MessageFraming.frame(message.encoded)
    writing.async { [self] in
      guard let socket = socket.withLock(\.self) else { return }
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return }  // it has ended, which the thread finds
        rest = rest.dropFirst(count)
      }
    }
  }

  /// Ends it.
  func stop() {
    child.kill()
    socket.withLock { if let socket = $0 { _ = shutdown(socket, Int32(SHUT_RDWR)) } }
  }

  private func read(_ socket: Int32, _ deliver: (JSON) -> Void) {
    var framing = MessageFraming()
    while let bytes = readAvailable(socket), !bytes.isEmpty {
      guard let contents = try? framing.messages(adding: bytes) else { return }
      for content in contents {
        guard let message = try? JSON(parsing: content) else { return }
        deliver(message)
      }
    }
  }

  private func end(_ own: Int32) {
    stop()
    child.waitForExit()
    // Behind the last writing.
    writing.async { [self] in
      socket.withLock { $0 = nil }
      close(own)
    }
  }
}
