import TensorCore

/// The batches of one epoch. A copy goes on by itself from where it was copied.
public struct Epoch<Failure: Error> {
  private let source: BatchSource<Failure>
  private let prefetch: Int
  private let workers: Int
  private var position: Int
  /// Reads ahead, from the first batch that is asked for.
  private var ahead: Prefetcher<Failure>?

  init(_ source: BatchSource<Failure>, from first: Int, prefetch: Int, workers: Int) {
    self.source = source
    self.prefetch = prefetch
    self.workers = workers
    position = first
  }

  /// The next batch, or nil after the last.
  ///
  /// - Throws: What the data set throws. Nothing comes after that.
  public mutating func next() throws(Failure) -> Batch? { try read() }

  private mutating func read() throws(Failure) -> Batch? {
    guard position < source.batchCount else { return nil }
    let number = position
    if prefetch > 0 && ahead == nil {
      let capacity = Swift.min(prefetch, source.batchCount - number)
      ahead = Prefetcher(source, from: number, capacity: capacity, workers: Swift.min(workers, capacity))
    }
    // An error ends the epoch.
    position = source.batchCount
    let batch: Batch
    if let result = ahead?.take(number) { batch = try result.get() } else { batch = try source.batch(number) }
    position = number + 1
    return batch
  }
}

extension Epoch: Sequence, IteratorProtocol where Failure == Never {
  /// The next batch, or nil after the last.
  public mutating func next() -> Batch? { read() }
}
