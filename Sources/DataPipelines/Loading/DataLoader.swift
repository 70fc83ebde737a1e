import TensorCore

/// Gives a data set's examples in batches, an epoch at a time, in an order that depends on the seed and the epoch's number
/// alone: so a run that was interrupted can go on in the middle of an epoch as if it had not been.
///
/// ```swift
/// let squares = TensorDataset(inputs: Tensor([[0.0], [1.0], [2.0]]), targets: Tensor([0.0, 1.0, 4.0]))
/// let loader = DataLoader(squares, batchSize: 2, shuffle: true, seed: 7)
/// loader.batchCount  // → 2
/// for epoch in 0..<3 {
///   for batch in loader.epoch(epoch) { _ = batch.inputs.sum() }
/// }
/// ```
///
/// Where reading an example can throw, batches come by ``Epoch/next()``:
///
/// ```swift
/// struct Recordings: Dataset {
///   let files: [URL]
///   var count: Int { files.count }
///   func example(at index: Int) throws(FileError) -> Example {
///     Example(input: try Npy.read(files[index]), target: Tensor(index))
///   }
/// }
/// var batches = DataLoader(Recordings(files: []), batchSize: 2, prefetch: 4).epoch(0)
/// while let batch = try batches.next() { _ = batch.inputs.sum() }
/// ```
public struct DataLoader<Failure: Error>: Sendable {
  /// The number of examples.
  public let exampleCount: Int
  public let batchSize: Int
  /// Whether every epoch has a random order of its own.
  public let shuffle: Bool
  /// The seed of the orders.
  public let seed: UInt64
  /// Whether a last batch of fewer than `batchSize` examples is left out.
  public let dropLast: Bool
  /// How many batches are read ahead on threads of their own; 0: each is read when it is asked for.
  public let prefetch: Int
  /// How many threads read ahead. Batches come in the same order, with the same bits, whatever their number.
  public let workers: Int
  /// What happens to every batch, in this order, on the thread that reads it; ``seed`` is that of their random numbers too.
  public let transforms: [any BatchTransform]
  /// The examples' lengths, where those of a batch are to be similar.
  public let lengths: [Int]?

  private let read: @Sendable ([Int]) throws(Failure) -> Batch

  /// A loader for a data set. Stops when the batch size or `workers` is less than 1, or `prefetch` less than 0.
  ///
  /// - Parameters:
  ///   - prefetch: Worth it where examples are read from files or transformed at length. For data in memory a batch
  ///     takes less time than handing it from thread to thread.
  ///   - lengths: Of each example. A shuffling loader then puts examples of similar length into a batch: of each 50 batches' examples, drawn
  ///     at random, the longest go together, and so on; the batches come in random order.
  public init(
    _ dataset: some Dataset<Failure>, batchSize: Int, shuffle: Bool = false, seed: UInt64 = 0, dropLast: Bool = false,
    prefetch: Int = 0, workers: Int = 1, transforms: [any BatchTransform] = [], lengths: [Int]? = nil
  ) {
    if let lengths, lengths.count != dataset.count {
      stop("DataLoader", "\(lengths.count) lengths for \(dataset.count) examples", fix: "pass one for each")
    }
    if batchSize < 1 { stop("DataLoader", "a batch size of \(batchSize)", fix: "use 1 or more") }
    if workers < 1 { stop("DataLoader", "\(workers) threads to read ahead", fix: "use 1 or more") }
    if prefetch < 0 { stop("DataLoader", "\(prefetch) batches to read ahead", fix: "use 0 or more") }
    exampleCount = dataset.count
    self.batchSize = batchSize
    self.shuffle = shuffle
    self.seed = seed
    self.dropLast = dropLast
    self.prefetch = prefetch
    self.workers = workers
    self.transforms = transforms
    self.lengths = lengths
    read = { indices throws(Failure) in try dataset.batch(at: indices) }
  }

  private init(_ other: DataLoader<some Error>, _ read: @escaping @Sendable ([Int]) throws(Failure) -> Batch) {
    exampleCount = other.exampleCount
    batchSize = other.batchSize
    shuffle = other.shuffle
    seed = other.seed
    dropLast = other.dropLast
    prefetch = other.prefetch
    workers = other.workers
    transforms = other.transforms
    lengths = other.lengths
    self.read = read
  }

  /// This loader, whatever its data set may throw.
  public var throwing: DataLoader<any Error> {
    DataLoader<any Error>(self) { [read] indices in try read(indices) }
  }

  /// The number of batches in an epoch.
  public var batchCount: Int {
    dropLast ? exampleCount / batchSize : (exampleCount + batchSize - 1) / batchSize
  }

  /// The batches of one epoch.
  ///
  /// - Parameter first: The number of the batch to begin with, when those before it have been used already.
  public func epoch(_ number: Int, from first: Int = 0) -> Epoch<Failure> {
    guard number >= 0, (0...batchCount).contains(first) else {
      stop(
        "epoch", "there is no batch \(first) in epoch \(number)",
        fix: "use an epoch from 0 and a batch in 0...\(batchCount)")
    }
    let source = BatchSource(order: order(epoch: number), batchSize: batchSize, batchCount: batchCount) {
      [read, transforms, seed] indices throws(Failure) in
      try read(indices).transformed(by: transforms, seed: seed, epoch: number, indices: indices)
    }
    return Epoch(source, from: first, prefetch: prefetch, workers: workers)
  }

  /// The examples' positions in the order of an epoch, a batch after the other.
  public func order(epoch number: Int) -> [Int] {
    if !shuffle { return Array(0..<exampleCount) }
    let generator = RandomGenerator(seed: seed).derived(UInt64(number))
    let order = Tensor.permutation(exampleCount, using: generator).scalars(as: Int.self)
    guard let lengths else { return order }
    // Batches of similar lengths, then these at random; one that is not full stays the last.
    let pool = 50 * batchSize
    let sorted = stride(from: 0, to: order.count, by: pool).flatMap { start in
      order[start..<Swift.min(start + pool, order.count)].enumerated().sorted {
        (lengths[$1.element], $0.offset) < (lengths[$0.element], $1.offset)
      }.map(\.element)
    }
    let full = order.count / batchSize
    let batches = Tensor.permutation(full, using: generator).scalars(as: Int.self)
    return batches.flatMap { sorted[$0 * batchSize..<($0 + 1) * batchSize] } + sorted[(full * batchSize)...]
  }
}

extension DataLoader: Sequence where Failure == Never {
  /// The batches of a loader that does not shuffle: for evaluation. Stops when it shuffles, since every epoch has an order
  /// of its own then.
  public func makeIterator() -> Epoch<Never> {
    if shuffle {
      stop("DataLoader", "a loader that shuffles has a different order in each epoch", fix: "iterate over epoch(n)")
    }
    return epoch(0)
  }

  public var underestimatedCount: Int { batchCount }
}

/// What there is to read in an epoch.
struct BatchSource<Failure: Error>: Sendable {
  let order: [Int]
  let batchSize: Int
  let batchCount: Int
  let read: @Sendable ([Int]) throws(Failure) -> Batch

  /// Reads a batch by its number.
  func batch(_ number: Int) throws(Failure) -> Batch {
    let start = number * batchSize
    return try read(Array(order[start..<min(start + batchSize, order.count)]))
  }
}
