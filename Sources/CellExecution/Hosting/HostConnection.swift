import Foundation
import Synchronization

/// The process in which cells live: a socket for commands and replies, and pipes for what it prints.
///
/// One thread starts it, reads all that comes, and waits for its end. It lives as long as the process does, because the system ends the
/// process together with the thread that started it.
final class HostConnection: Sendable {
  enum Message: Sendable {
    case started(pid_t)
    case reply([String])
    case output(OutputParser.Piece)
    case errorOutput(OutputParser.Piece)
    case ended(ProcessExit)
    case failed(CellExecutionError)
  }

  /// The end that we hold of the socket, and the process, as long as there are such.
  private final class Line: Sendable {
    struct State {
      var socket: Int32?
      var process: ChildProcess?
    }
    let state: Mutex<State>
    init(socket: Int32) { state = Mutex(State(socket: socket)) }
  }

  private let line: Line
  let messages: AsyncStream<Message>

  /// - Parameter directory: Where the cells work.
  init(library: CellLibrary, directory: String?) throws(CellExecutionError) {
    var ends: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw CellExecutionError("no socket: \(String(cString: strerror(errno)))")
    }
    let (own, theirs) = (ends[0], ends[1])
    let (messages, continuation) = AsyncStream.makeStream(of: Message.self)
    let line = Line(socket: own)
    (self.messages, self.line) = (messages, line)
    Thread.detachNewThread {
      Self.serve(library, directory, line, socket: own, theirs: theirs) { continuation.yield($0) }
      continuation.finish()
    }
  }

  /// The host ends when nobody can command it any more.
  deinit {
    line.state.withLock { if let socket = $0.socket { shutdown(socket, Int32(SHUT_RDWR)) } }
  }

  /// Sends fields, in which tabs and ends of lines become spaces.
  func send(_ fields: String...) {
    let text = fields.map { $0.replacing(/[\t\n\r]/, with: " ") }.joined(separator: "\t") + "\n"
    var rest = Array(text.utf8)[...]
    line.state.withLock { state in
      while !rest.isEmpty, let socket = state.socket {
        let count = rest.withUnsafeBytes {
          Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return }  // it has ended, which the thread reports
        rest = rest.dropFirst(count)
      }
    }
  }

  func kill() { line.state.withLock { $0.process?.kill() } }

  private static func serve(
    _ library: CellLibrary, _ directory: String?, _ line: Line, socket: Int32, theirs: Int32,
    _ deliver: (Message) -> Void
  ) {
    let token = String(UInt64.random(in: .min ... .max), radix: 36)
    defer {
      line.state.withLock {
        $0.socket = nil
        close(socket)
      }
    }
    let child: ChildProcess
    let pipes: [OutputPipe]
    do throws(CellExecutionError) {
      defer { close(theirs) }
      pipes = [try OutputPipe(), try OutputPipe()]
      var environment = ProcessInfo.processInfo.environment
      environment["SWIFT_BACKTRACE"] = "enable=no"  // it would stop all threads, and take seconds
      child = try ChildProcess(
        library.host, [library.path, token, String(getpid())], environment: environment, directory: directory,
        files: [1: pipes[0].writing ?? -1, 2: pipes[1].writing ?? -1, 3: theirs])
      for pipe in pipes { pipe.closeWriting() }
    } catch {
      return deliver(.failed(error))
    }
    line.state.withLock { $0.process = child }
    deliver(.started(child.id))
    withExtendedLifetime(pipes) { read(socket, pipes.map(\.reading), token, deliver) }
    deliver(.ended(child.waitForExit()))
  }

  /// Reads until the socket ends, which nobody but the host holds, and then what is left in the pipes.
  private static func read(_ socket: Int32, _ pipes: [Int32], _ token: String, _ deliver: (Message) -> Void) {
    var (output, errors) = (OutputParser(token: token), OutputParser(token: token))
    var replies: [UInt8] = []
    for pipe in pipes { _ = fcntl(pipe, F_SETFL, O_NONBLOCK) }
    var files = (pipes + [socket]).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while true {
      let ended = files[2].fd < 0
      let count = poll(&files, nfds_t(files.count), ended ? 0 : -1)
      if count == 0 && ended { break }
      // What was printed before a reply was sent is delivered before it.
      for i in files.indices where files[i].fd >= 0 && files[i].revents != 0 {
        guard let bytes = readAvailable(files[i].fd) else { continue }
        if bytes.isEmpty { files[i].fd = -1 }
        switch i {
        case 0: for piece in output.pieces(adding: bytes) { deliver(.output(piece)) }
        case 1: for piece in errors.pieces(adding: bytes) { deliver(.errorOutput(piece)) }
        default:
          replies += bytes
          while let end = replies.firstIndex(of: 10) {
            deliver(.reply(String(decoding: replies[..<end], as: UTF8.self).components(separatedBy: "\t")))
            replies.removeFirst(end + 1)
          }
        }
      }
      if files.allSatisfy({ $0.fd < 0 }) { break }
    }
    for piece in output.rest() { deliver(.output(piece)) }
    for piece in errors.rest() { deliver(.errorOutput(piece)) }
  }
}
