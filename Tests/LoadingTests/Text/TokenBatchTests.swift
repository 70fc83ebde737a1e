import DataPipelines
import TensorCore
import Testing

@Suite("Batches of tokens")
struct TokenBatchTests {
  /// Sequences of 1 to 40 tokens, each of its own number.
  private let set = TokenDataset(
    (0..<500).map { [Int](repeating: $0 + 1, count: 1 + $0 * 7919 % 40) }, classes: (0..<500).map { $0 % 3 }, padding: 0
  )

  @Test("are as long as their longest sequence, filled up behind")
  func padded() {
    let batch = set.batch(at: [3, 0, 7])
    let lengths = [3, 0, 7].map { set.lengths[$0] }
    #expect(batch.inputs.shape == [3, lengths.max() ?? 0])
    #expect(batch.targets.scalars(as: Int.self) == [0, 0, 1])
    for (row, (index, length)) in zip([3, 0, 7], lengths).enumerated() {
      let tokens = batch.inputs[row].scalars(as: Int.self)
      #expect(tokens.prefix(length).allSatisfy { $0 == index + 1 } && tokens.dropFirst(length).allSatisfy { $0 == 0 })
    }
    #expect(TokenDataset([[]], classes: [0], padding: 5).all().inputs.scalars(as: Int.self) == [5])
  }

  @Test("of similar lengths hold less padding, and every example once, in another order in each epoch")
  func buckets() {
    func epoch(_ number: Int, lengths: [Int]?) -> (batches: [Batch], order: [Int]) {
      let loader = DataLoader(set, batchSize: 16, shuffle: true, seed: 3, lengths: lengths)
      return (Array(loader.epoch(number)), loader.order(epoch: number))
    }
    func size(_ batches: [Batch]) -> Int { batches.reduce(0) { $0 + $1.inputs.count } }
    let (mixed, similar) = (epoch(0, lengths: nil), epoch(0, lengths: set.lengths))
    let least = set.lengths.reduce(0, +)
    #expect(similar.order.sorted() == Array(0..<500))
    #expect(Double(size(similar.batches)) < 1.1 * Double(least) && Double(size(mixed.batches)) > 1.6 * Double(least))
    #expect(similar.batches.dropLast().allSatisfy { $0.count == 16 } && similar.batches.last?.count == 4)
    #expect(epoch(1, lengths: set.lengths).order != similar.order)
    #expect(epoch(0, lengths: set.lengths).order == similar.order)
    // Not from the longest to the shortest: batches come at random.
    let widths = similar.batches.map { $0.inputs.shape[1] }
    #expect(widths != widths.sorted() && widths != widths.sorted(by: >))
  }

  @Test("in an order of their own stay in it, with lengths or without")
  func unshuffled() {
    let loader = DataLoader(set, batchSize: 16, lengths: set.lengths)
    #expect(loader.order(epoch: 0) == Array(0..<500))
  }

  @Test("of one long text are windows, with what comes one place further", arguments: [1, 3, 5])
  func windows(_ stride: Int) {
    let set = TokenWindows(0..<23, length: 5, stride: stride)
    #expect(set.count == (23 - 1 - 5) / stride + 1)
    for index in 0..<set.count {
      #expect(set[index].input.scalars(as: Int.self) == Array(index * stride..<index * stride + 5))
      #expect(set[index].target.scalars(as: Int.self) == Array(index * stride + 1..<index * stride + 6))
    }
    #expect(TokenWindows(0..<5, length: 5).count == 0 && TokenWindows(0..<6, length: 5).count == 1)
  }

  @Test("in strands go on where the batch before ended")
  func strands() {
    let set = TokenStrands(0..<50, rows: 4, length: 3)
    #expect(set.steps == 4)
    let batches = Array(DataLoader(set, batchSize: 4).epoch(0))
    let rows = (0..<4).map { row in batches.flatMap { $0.inputs[row].scalars(as: Int.self) } }
    #expect(rows == (0..<4).map { Array($0 * 12..<$0 * 12 + 12) })
    #expect(batches.allSatisfy { ($0.targets - $0.inputs - 1).abs().max().item(Int.self) == 0 })
  }
}
