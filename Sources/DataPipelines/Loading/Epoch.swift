import TensorCore

/// The batches of one epoch, each given once.
public struct Epoch<Failure: Error> {
  private let source: BatchSource<Failure>
  private let ahead: Prefetcher<Failure>?
  private var position: Int

  init(_ source: BatchSource<Failure>, from first: Int, prefetch: Int) {
    self.source = source
    position = first
    let capacity = Swift.min(prefetch, source.batchCount - first)
    ahead = capacity > 0 ? Prefetcher(source, from: first, capacity: capacity) : nil
  }

  /// The next batch, or nil after the last.
  ///
  /// - Throws: What the data set throws. Nothing comes after that.
  public mutating func next() throws(Failure) -> Batch? { try read() }

  private mutating func read() throws(Failure) -> Batch? {
    guard position < source.batchCount else { return nil }
    let number = position
    // An error ends the epoch.
    position = source.batchCount
    let batch: Batch
    if let ahead { batch = try ahead.next() } else { batch = try source.batch(number) }
    position = number + 1
    return batch
  }
}

extension Epoch: Sequence, IteratorProtocol where Failure == Never {
  /// The next batch, or nil after the last.
  public mutating func next() -> Batch? { read() }
}
