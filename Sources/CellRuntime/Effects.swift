import Dispatch

/// Waits for `body`: what a cell's `await` at top level becomes. The thread of a cell may block, being none of the concurrency's own.
public func _cellAwait<Value, Failure: Error>(
  _ body: @escaping () async throws(Failure) -> Value
) throws(Failure) -> Value {
  let outcome = Outcome<Value, Failure>()
  // The cell's thread stands still until the task is done: nothing that the closure captures is used by two at a time.
  nonisolated(unsafe) let body = body
  let isDone = DispatchSemaphore(value: 0)
  Task.detached {
    do throws(Failure) { outcome.result = .success(try await body()) } catch { outcome.result = .failure(error) }
    isDone.signal()
  }
  Host.current?.setWaiting(1)
  isDone.wait()
  Host.current?.setWaiting(0)
  guard let result = outcome.result else { fatalError("a task ended without a result") }
  return try result.get()
}

/// `@unchecked Sendable`: the task writes it before it signals, and the cell's thread reads it after the signal.
private final class Outcome<Value, Failure: Error>: @unchecked Sendable {
  var result: Result<Value, Failure>?
}

/// Cells are linked so that an error which nobody caught comes here, instead of to the standard library, which would trap.
@_silgen_name("__wrap_swift_errorInMain")
public func _cellThrew(_ error: any Error) -> Never {
  if let host = Host.current {
    host.emit(["threw", encoded(String(describing: type(of: error))), encoded(String(describing: error))])
    host.threw()
  }
  fatalError("Error raised at top level: \(String(reflecting: error))")
}
