import TensorCore

/// Windows of one long sequence of tokens, each with the same one place further: what a language model learns to predict.
///
/// ```swift
/// let set = TokenWindows([10, 11, 12, 13, 14, 15, 16], length: 3, stride: 2)
/// set.count  // → 2
/// set[1].input  // → [12, 13, 14]
/// set[1].target  // → [13, 14, 15]
/// ```
public struct TokenWindows: Dataset {
  private let tokens: [Int32]
  /// The places of a window.
  public let length: Int
  /// How far a window begins behind the one before it.
  public let stride: Int

  /// - Parameter stride: If nil, windows stand behind one another. What does not fill a window at the end is left out.
  ///
  /// Stops unless both are positive.
  public init(_ tokens: some Sequence<Int>, length: Int, stride: Int? = nil) {
    let stride = stride ?? length
    guard length > 0, stride > 0 else {
      stop("TokenWindows", "windows of \(length), \(stride) apart", fix: "use 1 or more")
    }
    (self.tokens, self.length, self.stride) = (tokens.map { Int32($0) }, length, stride)
  }

  public var count: Int { tokens.count <= length ? 0 : (tokens.count - 1 - length) / stride + 1 }

  public func example(at index: Int) -> Example {
    let batch = batch(at: [index])
    return Example(input: batch.inputs[0], target: batch.targets[0])
  }

  public func batch(at indices: [Int]) -> Batch {
    func rows(from offset: Int) -> Tensor {
      let all = indices.flatMap { index -> [Int] in
        let start = index * stride + offset
        return tokens[start..<start + length].map { Int($0) }
      }
      return Tensor(all, shape: [indices.count, length])
    }
    return Batch(inputs: rows(from: 0), targets: rows(from: 1))
  }
}

/// One long sequence of tokens in `rows` strands side by side, window after window: the example at row r of a batch goes on where the same row of the batch
/// before it ended, so that a recurrent model can keep its state (truncated backpropagation through time).
///
/// Load it with a batch size of `rows`, not shuffled.
///
/// ```swift
/// let set = TokenStrands([0, 1, 2, 3, 4, 5, 6, 7, 8], rows: 2, length: 2)
/// let batches = Array(DataLoader(set, batchSize: set.rows).epoch(0))
/// batches[0].inputs  // → [[0, 1], [4, 5]]
/// batches[1].inputs  // → [[2, 3], [6, 7]]
/// ```
public struct TokenStrands: Dataset {
  private let tokens: [Int32]
  public let rows: Int
  public let length: Int
  /// The windows of a strand.
  public let steps: Int

  /// Stops unless both are positive. What does not fill a window of every strand is left out.
  public init(_ tokens: some Sequence<Int>, rows: Int, length: Int) {
    guard rows > 0, length > 0 else {
      stop("TokenStrands", "\(rows) rows of windows of \(length)", fix: "use 1 or more")
    }
    self.tokens = tokens.map { Int32($0) }
    (self.rows, self.length) = (rows, length)
    steps = max(self.tokens.count - 1, 0) / (rows * length)
  }

  public var count: Int { rows * steps }

  public func example(at index: Int) -> Example {
    let start = (index % rows) * steps * length + (index / rows) * length
    func window(_ offset: Int) -> Tensor {
      Tensor(tokens[start + offset..<start + offset + length].map { Int($0) }, shape: [length])
    }
    return Example(input: window(0), target: window(1))
  }
}
