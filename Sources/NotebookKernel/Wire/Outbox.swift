import Dispatch
import Synchronization

/// What waits to be written to one peer. Whoever fills it never waits: what finds no room any more is dropped, as a PUB socket does.
final class Outbox: Sendable {
  private struct State {
    var waiting: [[UInt8]] = []
    var bytes = 0
    var dropped = 0
    var isClosed = false
  }

  private let limit: Int
  private let state = Mutex(State())
  private let changes = DispatchSemaphore(value: 0)

  init(limit: Int) { self.limit = limit }

  var dropped: Int { state.withLock { $0.dropped } }

  /// Returns whether there was room. Short messages find it longer: a client that missed output should still learn that the kernel is idle.
  @discardableResult
  func put(_ bytes: [UInt8]) -> Bool {
    let found = state.withLock { state in
      guard !state.isClosed, state.bytes + bytes.count <= (bytes.count > 4096 ? limit : 2 * limit) else {
        state.dropped += 1
        return false
      }
      state.waiting.append(bytes)
      state.bytes += bytes.count
      return true
    }
    if found { changes.signal() }
    return found
  }

  /// Waits for something, and takes all of it; nil once the box is closed and empty.
  func take() -> [[UInt8]]? {
    while true {
      changes.wait()
      let (taken, isClosed) = state.withLock { state in
        defer {
          state.waiting = []
          state.bytes = 0
        }
        return (state.waiting, state.isClosed)
      }
      if !taken.isEmpty { return taken }
      if isClosed {
        // The next call is to find this out too.
        changes.signal()
        return nil
      }
    }
  }

  /// Takes nothing in any more.
  func close() {
    state.withLock { $0.isClosed = true }
    changes.signal()
  }
}
