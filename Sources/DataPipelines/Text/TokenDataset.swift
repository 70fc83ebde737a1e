import TensorCore

/// Sequences of tokens' numbers, each with a class.
///
/// Sequences differ in length: a batch is int64 [batch, length of its longest], filled up with ``padding`` behind the shorter ones. Give a loader the
/// ``lengths``, and sequences of similar length come in one batch.
///
/// ```swift
/// let set = TokenDataset([[5, 6, 7], [8]], classes: [1, 0], padding: 0)
/// set.all().inputs  // → [[5, 6, 7], [8, 0, 0]]
/// let loader = DataLoader(set, batchSize: 2, shuffle: true, lengths: set.lengths)
/// loader.batchCount  // → 1
/// ```
public struct TokenDataset: Dataset {
  /// Behind one another.
  private let tokens: [Int32]
  private let starts: [Int]
  public let classes: [Int]
  /// The number that fills sequences up.
  public let padding: Int

  /// Stops unless there is a class for each sequence.
  public init(_ sequences: some Collection<[Int]>, classes: [Int], padding: Int) {
    guard sequences.count == classes.count else {
      stop("TokenDataset", "\(classes.count) classes for \(sequences.count) sequences", fix: "pass one for each")
    }
    var (tokens, starts): ([Int32], [Int]) = ([], [0])
    for sequence in sequences {
      tokens += sequence.map { Int32($0) }
      starts.append(tokens.count)
    }
    (self.tokens, self.starts, self.classes, self.padding) = (tokens, starts, classes, padding)
  }

  public var count: Int { classes.count }

  /// The number of tokens of each sequence.
  public var lengths: [Int] { zip(starts, starts.dropFirst()).map { $1 - $0 } }

  /// A sequence's tokens.
  public func sequence(at index: Int) -> [Int] { tokens[starts[index]..<starts[index + 1]].map { Int($0) } }

  /// A sequence as it is, [its length], and its class.
  public func example(at index: Int) -> Example {
    let sequence = sequence(at: index)
    return Example(input: Tensor(sequence, shape: [sequence.count]), target: Tensor(classes[index]))
  }

  public func batch(at indices: [Int]) -> Batch {
    // One place at least: models have no answer to none.
    let length = max(indices.map { starts[$0 + 1] - starts[$0] }.max() ?? 0, 1)
    var rows = [Int](repeating: padding, count: indices.count * length)
    for (row, index) in indices.enumerated() {
      for (column, place) in (starts[index]..<starts[index + 1]).enumerated() {
        rows[row * length + column] = Int(tokens[place])
      }
    }
    return Batch(
      inputs: Tensor(rows, shape: [indices.count, length]),
      targets: Tensor(indices.map { classes[$0] }, shape: [indices.count]))
  }
}
