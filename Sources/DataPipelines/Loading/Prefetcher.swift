import Foundation
import Synchronization
import TensorCore

/// Reads an epoch's batches on threads of their own, some way ahead of whoever asks for them.
///
/// A thread ends when there is no further batch to read, after an error, or, when this object is gone, after the batch it is reading.
final class Prefetcher<Failure: Error>: Sendable {
  private let queue: BatchQueue<Failure>

  /// Starts reading at batch `first`, at most `capacity` batches ahead, by `workers` threads.
  init(_ source: BatchSource<Failure>, from first: Int, capacity: Int, workers: Int) {
    let queue = BatchQueue<Failure>(first..<source.batchCount, capacity: capacity)
    self.queue = queue
    for _ in 0..<workers {
      // The thread holds the queue and not this object, whose end is the sign to stop.
      let thread = Thread {
        Runtime.withThreadLimit(1) {
          while let number = queue.claim() {
            let result: Result<Batch, Failure>
            do throws(Failure) {
              result = .success(try source.batch(number))
            } catch {
              result = .failure(error)
            }
            queue.put(result, number)
          }
        }
      }
      thread.name = "batches"
      thread.start()
    }
  }

  deinit { queue.close() }

  /// The batch of this number, when it is there; nil if it has been taken already.
  func take(_ number: Int) -> Result<Batch, Failure>? { queue.take(number) }
}

/// Hands batches from several threads to another, in the order of their numbers.
private final class BatchQueue<Failure: Error>: Sendable {
  private struct State {
    /// Batches that are there: number n in place n % capacity.
    var places: [Result<Batch, Failure>?]
    /// The numbers that no thread reads yet.
    var unread: Range<Int>
    /// The number of the batch to be taken next.
    var number: Int
  }

  private let state: Mutex<State>
  private let capacity: Int
  /// Counts the free places. It begins at 0 and is raised, because a semaphore must not end below where it began.
  private let room = DispatchSemaphore(value: 0)
  /// One for each place: whether a batch is there.
  private let filled: [DispatchSemaphore]

  init(_ numbers: Range<Int>, capacity: Int) {
    state = Mutex(
      State(
        places: [Result<Batch, Failure>?](repeating: nil, count: capacity), unread: numbers, number: numbers.lowerBound)
    )
    self.capacity = capacity
    filled = (0..<capacity).map { _ in DispatchSemaphore(value: 0) }
    for _ in 0..<capacity { room.signal() }
  }

  /// Waits until there is a free place, and gives the number of the batch to read for it; nil when no more are wanted.
  func claim() -> Int? {
    room.wait()
    let number = state.withLock { $0.unread.popFirst() }
    // The other threads are to learn of it too.
    if number == nil { room.signal() }
    return number
  }

  func put(_ result: Result<Batch, Failure>, _ number: Int) {
    state.withLock { state in
      state.places[number % capacity] = result
      // Nothing comes after an error.
      if case .failure = result { state.unread = state.unread.lowerBound..<state.unread.lowerBound }
    }
    filled[number % capacity].signal()
  }

  func take(_ number: Int) -> Result<Batch, Failure>? {
    // Whoever has taken a number waits for its batch, which will come; all others would wait for nothing.
    let isNext = state.withLock { state in
      if state.number != number { return false }
      state.number += 1
      return true
    }
    if !isNext { return nil }
    filled[number % capacity].wait()
    let result = state.withLock { state in
      let result = state.places[number % capacity].take()
      if case .failure? = result { state.number = -1 }
      return result
    }
    room.signal()
    return result
  }

  /// Sends the reading threads home.
  func close() {
    state.withLock { $0.unread = $0.unread.lowerBound..<$0.unread.lowerBound }
    room.signal()
  }
}
