import Foundation
import Synchronization

/// A program of the toolchain, run to its end.
struct ToolRun: Sendable {
  let exit: ProcessExit
  let output: String
  let errors: String
  /// Whether it was ended because its time was over.
  let isTimeout: Bool

  var succeeded: Bool { exit == .status(0) }

  /// Throws where the program can't be started. A task that is cancelled ends it.
  static func of(
    _ path: String, _ arguments: [String], timeLimit: Duration = .seconds(60)
  ) async throws(CellExecutionError) -> ToolRun {
    let isCancelled = Flag()
    let result: Result<ToolRun, CellExecutionError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        Thread.detachNewThread {
          continuation.resume(
            returning: Result { () throws(CellExecutionError) in
              try run(path, arguments, until: .now + timeLimit, isCancelled)
            })
        }
      }
    } onCancel: {
      isCancelled.raise()
    }
    return try result.get()
  }

  private static func run(
    _ path: String, _ arguments: [String], until deadline: ContinuousClock.Instant, _ isCancelled: Flag
  ) throws(CellExecutionError) -> ToolRun {
    let pipes = [try OutputPipe(), try OutputPipe()]
    let process = try ChildProcess(path, arguments, files: [1: pipes[0].writing ?? -1, 2: pipes[1].writing ?? -1])
    for pipe in pipes { pipe.closeWriting() }
    defer { withExtendedLifetime(pipes) {} }
    var texts: [[UInt8]] = [[], []]
    var files = pipes.map { pollfd(fd: $0.reading, events: Int16(POLLIN), revents: 0) }
    var isTimeout = false
    while files.contains(where: { $0.fd >= 0 }) && !isTimeout {
      poll(&files, nfds_t(files.count), 50)
      for i in files.indices where files[i].fd >= 0 && files[i].revents != 0 {
        guard let bytes = readAvailable(files[i].fd) else { continue }
        if bytes.isEmpty { files[i].fd = -1 } else { texts[i] += bytes }
      }
      isTimeout = ContinuousClock.now > deadline || isCancelled.isRaised
    }
    if isTimeout { process.kill() }
    return ToolRun(
      exit: process.waitForExit(), output: String(decoding: texts[0], as: UTF8.self),
      errors: String(decoding: texts[1], as: UTF8.self), isTimeout: isTimeout)
  }

  private final class Flag: Sendable {
    private let state = Mutex(false)
    var isRaised: Bool { state.withLock { $0 } }
    func raise() { state.withLock { $0 = true } }
  }
}
