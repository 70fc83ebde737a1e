import Foundation
import Synchronization
import TensorCore

/// Reads an epoch's batches on a thread of its own, some way ahead of whoever asks for them.
///
/// The thread ends after the last batch, after an error, or, when this object is gone, after the batch it is reading.
final class Prefetcher<Failure: Error>: Sendable {
  private let queue: BatchQueue<Failure>

  /// Starts reading at batch `first`, at most `capacity` batches ahead.
  init(_ source: BatchSource<Failure>, from first: Int, capacity: Int) {
    let queue = BatchQueue<Failure>(from: first, capacity: capacity)
    self.queue = queue
    // The thread holds the queue and not this object, whose end is the sign to stop.
    let thread = Thread {
      Runtime.withThreadLimit(1) {
        for number in first..<source.batchCount {
          guard queue.waitForRoom() else { return }
          let result: Result<Batch, Failure>
          do throws(Failure) {
            result = .success(try source.batch(number))
          } catch {
            result = .failure(error)
          }
          queue.put(result)
          if case .failure = result { return }
        }
      }
    }
    thread.name = "batches"
    thread.start()
  }

  deinit { queue.close() }

  /// The batch of this number, when it is there; nil if it has been taken already.
  func take(_ number: Int) -> Result<Batch, Failure>? { queue.take(number) }
}

/// Hands batches from one thread to another, in order.
private final class BatchQueue<Failure: Error>: Sendable {
  private struct State {
    var waiting: [Result<Batch, Failure>] = []
    /// The number of the batch to be taken next.
    var number: Int
    var isClosed = false
  }

  private let state: Mutex<State>
  /// Counts the free places. It begins at 0 and is raised, because a semaphore must not end below where it began.
  private let room = DispatchSemaphore(value: 0)
  /// Counts the batches that are there.
  private let filled = DispatchSemaphore(value: 0)

  init(from first: Int, capacity: Int) {
    state = Mutex(State(number: first))
    for _ in 0..<capacity { room.signal() }
  }

  /// Waits until there is a free place; false when no more batches are wanted.
  func waitForRoom() -> Bool {
    room.wait()
    return state.withLock { !$0.isClosed }
  }

  func put(_ result: Result<Batch, Failure>) {
    state.withLock { $0.waiting.append(result) }
    filled.signal()
  }

  func take(_ number: Int) -> Result<Batch, Failure>? {
    // Whoever has taken a number waits for its batch, which will come; all others would wait for nothing.
    let isNext = state.withLock { state in
      if state.number != number { return false }
      state.number += 1
      return true
    }
    if !isNext { return nil }
    filled.wait()
    let result = state.withLock { state in
      let result = state.waiting.removeFirst()
      // After an error nothing more comes.
      if case .failure = result { state.number = -1 }
      return result
    }
    room.signal()
    return result
  }

  /// Sends the reading thread home.
  func close() {
    state.withLock { $0.isClosed = true }
    room.signal()
  }
}
