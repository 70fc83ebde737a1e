import CProcesses
import Foundation
import Synchronization

/// How a process ended.
package enum ProcessExit: Sendable, Hashable {
  case status(Int32)
  case signal(Int32)
}

/// A process that this one started. Foundation's cannot be given descriptors beyond the three standard ones, nor choose its parent thread.
///
/// `waitForExit` has to be called: until then the process stays a zombie.
package final class ChildProcess: Sendable {
  package let id: pid_t
  private let isReaped = Mutex(false)

  /// - Parameter files: Our descriptors by the child's, from 0 to 3; it inherits no others.
  package init(
    _ path: String, _ arguments: [String], environment: [String: String] = ProcessInfo.processInfo.environment,
    directory: String? = nil, files: [Int32: Int32]
  ) throws(CellExecutionError) {
    let words = ([path] + arguments).map { strdup($0) } + [nil]
    let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + variables { free(word) } }
    var id = pid_t()
    let own = (0..<4).map { files[$0] ?? -1 }
    let code = gb_spawn(&id, path, words, variables, directory, own)
    guard code == 0 else { throw CellExecutionError("\(path) can't be started: \(String(cString: strerror(code)))") }
    self.id = id
  }

  package func kill() {
    isReaped.withLock { if !$0 { _ = Foundation.kill(id, SIGKILL) } }
  }

  /// Blocks until the process has ended.
  @discardableResult package func waitForExit() -> ProcessExit {
    // It is waited for before it is reaped, so that `kill` never meets another process with the same number.
    var information = siginfo_t()
    while waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
    return isReaped.withLock {
      $0 = true
      var status: Int32 = 0
      while waitpid(id, &status, 0) < 0 && errno == EINTR {}
      return status & 0x7f == 0 ? .status(status >> 8 & 0xff) : .signal(status & 0x7f)
    }
  }
}

/// A pipe from a process that inherits its writing end to us.
final class OutputPipe {
  let reading: Int32
  private(set) var writing: Int32?

  init() throws(CellExecutionError) {
    var ends: [Int32] = [0, 0]
    let code = gb_pipe(&ends)
    guard code == 0 else { throw CellExecutionError("no pipe: \(String(cString: strerror(code)))") }
    (reading, writing) = (ends[0], ends[1])
  }

  /// When the process has it: the pipe ends as soon as nobody else can write.
  func closeWriting() {
    if let writing { close(writing) }
    writing = nil
  }

  deinit {
    closeWriting()
    close(reading)
  }
}

/// What there is to read; empty at the end, nil where there is nothing at the moment.
package func readAvailable(_ file: Int32) -> [UInt8]? {
  while true {
    var count = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, size in
      count = read(file, buffer.baseAddress, buffer.count)
      size = max(0, count)
    }
    if count >= 0 { return bytes }
    if errno == EAGAIN { return nil }
    if errno != EINTR { return [] }
  }
}
