import DataPipelines
import TensorCore
import Testing

/// The targets of an epoch's batches.
private func targets(_ batches: some Sequence<Batch>) -> [[Int]] { batches.map { $0.targets.scalars(as: Int.self) } }

@Suite("A data loader")
struct DataLoaderTests {
  @Test("gives every example once, in batches of the given size", arguments: [0, 3])
  func batches(prefetch: Int) {
    let loader = DataLoader(numbered(10), batchSize: 4, prefetch: prefetch)
    #expect(loader.batchCount == 3)
    #expect(targets(loader) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    #expect(targets(loader) == targets(loader.epoch(5)))
    for batch in loader.epoch(0) { #expect(batch.inputs.shape[0] == batch.count) }
    let even = DataLoader(numbered(10), batchSize: 4, dropLast: true, prefetch: prefetch)
    #expect(even.batchCount == 2)
    #expect(targets(even) == [[0, 1, 2, 3], [4, 5, 6, 7]])
    #expect(targets(DataLoader(numbered(3), batchSize: 4, dropLast: true, prefetch: prefetch)).isEmpty)
    #expect(targets(DataLoader(numbered(0), batchSize: 4, prefetch: prefetch)).isEmpty)
  }

  @Test("shuffles by seed and epoch alone")
  func order() {
    let loader = DataLoader(numbered(1000), batchSize: 64, shuffle: true, seed: 9)
    let first = targets(loader.epoch(0))
    #expect(first.flatMap(\.self).sorted() == Array(0..<1000))
    #expect(first.flatMap(\.self) == loader.order(epoch: 0))
    let threads = Runtime.threads
    defer { Runtime.threads = threads }
    for count in [1, 2, 5] {
      Runtime.threads = count
      for prefetch in [0, 1, 8, 100] {
        let again = DataLoader(numbered(1000), batchSize: 64, shuffle: true, seed: 9, prefetch: prefetch)
        #expect(targets(again.epoch(0)) == first)
      }
    }
    let others = [
      loader.epoch(1), loader.epoch(2), DataLoader(numbered(1000), batchSize: 64, shuffle: true, seed: 10).epoch(0),
    ]
    for (index, other) in others.enumerated() {
      let order = targets(other)
      #expect(order != first && order.flatMap(\.self).sorted() == Array(0..<1000), "\(index)")
    }
    // Batches of another size cut the same order.
    let small = DataLoader(numbered(1000), batchSize: 7, shuffle: true, seed: 9)
    #expect(targets(small.epoch(0)).flatMap(\.self) == first.flatMap(\.self))
  }

  @Test("puts every example at every place about equally often")
  func uniformity() {
    let loader = DataLoader(numbered(5), batchSize: 5, shuffle: true, seed: 1)
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 5), count: 5)
    for epoch in 0..<2000 {
      for (place, example) in loader.order(epoch: epoch).enumerated() { counts[place][example] += 1 }
    }
    // Binomial(2000, 1/5): 400 ± 18; five standard deviations.
    #expect(counts.allSatisfy { $0.allSatisfy { (310...490).contains($0) } }, "\(counts)")
  }

  @Test("goes on in the middle of an epoch as if nothing had happened", arguments: [0, 2])
  func resumption(prefetch: Int) {
    let loader = DataLoader(numbered(100), batchSize: 8, shuffle: true, seed: 2, prefetch: prefetch)
    let whole = targets(loader.epoch(3))
    for first in 0...loader.batchCount {
      #expect(targets(loader.epoch(3, from: first)) == Array(whole[first...]))
    }
  }

  @Test("that shuffles is not iterated over without an epoch's number")
  func withoutEpoch() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      for _ in DataLoader(numbered(4), batchSize: 2, shuffle: true) {}
    }
    let words = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(words.contains("epoch(n)"))
  }

  @Test("stops on impossible numbers, with a fix")
  func misuse() async {
    let size = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = DataLoader(numbered(4), batchSize: 0)
    }
    #expect(size.map { String(decoding: $0.standardErrorContent, as: UTF8.self).contains("batch size of 0") } == true)
    let start = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = DataLoader(numbered(4), batchSize: 2).epoch(0, from: 3)
    }
    #expect(start.map { String(decoding: $0.standardErrorContent, as: UTF8.self).contains("0...2") } == true)
  }
}
