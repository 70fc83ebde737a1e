import DataPipelines
import Foundation
import Synchronization
import TensorCore
import Testing

private struct Broken: Error, Equatable { var index: Int }

/// Counts how often it is read, and by which threads.
private final class Counting: Dataset {
  typealias Failure = Broken

  let count: Int
  private let brokenIndex: Int?
  private let reads = Mutex(0)
  private let threads = Mutex<Set<UInt>>([])

  init(_ count: Int, brokenIndex: Int? = nil) {
    self.count = count
    self.brokenIndex = brokenIndex
  }

  var readCount: Int { reads.withLock { $0 } }
  var threadCount: Int { threads.withLock { $0.count } }

  func example(at index: Int) throws(Broken) -> Example {
    reads.withLock { $0 += 1 }
    threads.withLock { _ = $0.insert(UInt(pthread_self())) }
    if index == brokenIndex { throw Broken(index: index) }
    return Example(input: Tensor([Double(index)]), target: Tensor(index))
  }
}

/// Waits, a minute at most, for something that another thread will do.
private func eventually(_ condition: () -> Bool) -> Bool {
  let end = ContinuousClock.now + .seconds(60)
  while !condition() && ContinuousClock.now < end { usleep(1000) }
  return condition()
}

@Suite("Reading ahead")
struct PrefetchTests {
  @Test("happens on one thread, as many batches ahead as asked for")
  func ahead() throws {
    let set = Counting(100)
    var batches = DataLoader(set, batchSize: 10, prefetch: 3).epoch(0)
    for readCount in [40, 50] {
      _ = try batches.next()
      #expect(eventually { set.readCount == readCount })
      usleep(20_000)
      #expect(set.readCount == readCount)
    }
    while try batches.next() != nil {}
    #expect(set.readCount == 100 && set.threadCount == 1)
    #expect(try batches.next() == nil)
  }

  @Test("stops when the epoch is abandoned")
  func abandoned() {
    let set = Counting(1_000_000)
    do {
      var batches = DataLoader(set, batchSize: 1, prefetch: 4).epoch(0)
      _ = try? batches.next()
    }
    // The batch that was being read is finished; then nothing more comes.
    usleep(50_000)
    #expect(set.readCount <= 6)
  }

  @Test("lets the reading thread go, and the data set with it")
  func released() {
    weak var left: Counting?
    do {
      let set = Counting(1000)
      left = set
      var batches = DataLoader(set, batchSize: 10, prefetch: 2).epoch(0)
      _ = try? batches.next()
    }
    #expect(eventually { left == nil })
  }

  @Test(
    "brings an error where it belongs: after the batches before it, once, with or without a thread",
    arguments: [0, 1, 5])
  func errors(prefetch: Int) throws {
    let set = Counting(100, brokenIndex: 35)
    var batches = DataLoader(set, batchSize: 10, prefetch: prefetch).epoch(0)
    for _ in 0..<3 { #expect(try batches.next()?.count == 10) }
    #expect(throws: Broken(index: 35)) { try batches.next() }
    #expect(try batches.next() == nil)
    #expect(set.readCount == 36)
  }

  @Test("goes on by itself in every copy of an epoch, and begins anew for every loop")
  func copies() throws {
    let targets = { (batch: Batch) in batch.targets.scalars(as: Int.self) }
    let epoch = DataLoader(numbered(8), batchSize: 2, prefetch: 2).epoch(0)
    for _ in 0..<3 { #expect(epoch.map(targets) == [[0, 1], [2, 3], [4, 5], [6, 7]]) }
    var first = epoch
    #expect(first.next().map(targets) == [0, 1])
    var second = first
    #expect(first.next().map(targets) == [2, 3])
    #expect(first.next().map(targets) == [4, 5])
    #expect(second.map(targets) == [[2, 3], [4, 5], [6, 7]])
    #expect(first.map(targets) == [[6, 7]])
    #expect(second.next().map(targets) == [2, 3])
  }

  @Test("many times over neither hangs nor leaves threads behind")
  func manyTimes() throws {
    let threadCount = { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0 }
    let before = threadCount()
    let loader = DataLoader(numbered(64), batchSize: 4, shuffle: true, seed: 1, prefetch: 2)
    for epoch in 0..<300 {
      var rest = epoch % 17
      for batch in loader.epoch(epoch) {
        #expect(batch.count == 4)
        rest -= 1
        if rest < 0 { break }
      }
    }
    // Other tests run beside this one, with threads of their own.
    #expect(eventually { threadCount() < before + 100 })
  }
}

/// Examples that wait until several are being read at the same time.
private final class Meeting: Dataset {
  let count = 8
  private let state = Mutex((reading: 0, most: 0))
  private let needed: Int

  init(needed: Int) { self.needed = needed }

  var most: Int { state.withLock { $0.most } }

  func example(at index: Int) -> Example {
    state.withLock { state in
      state.reading += 1
      state.most = max(state.most, state.reading)
    }
    _ = eventually { self.most >= self.needed }
    state.withLock { $0.reading -= 1 }
    return Example(input: Tensor([Double(index)]), target: Tensor(index))
  }
}

@Suite("Reading ahead by several threads")
struct WorkerTests {
  @Test("reads batches at the same time, and gives them in order")
  func overlap() {
    let set = Meeting(needed: 3)
    let targets = DataLoader(set, batchSize: 1, prefetch: 4, workers: 3).epoch(0).map { $0.targets.item(Int.self) }
    #expect(set.most == 3)
    #expect(targets == Array(0..<8))
  }

  @Test("goes on while the loop is busy, no further than asked for")
  func bounded() throws {
    let set = Counting(100)
    var batches = DataLoader(set, batchSize: 1, prefetch: 6, workers: 3).epoch(0)
    _ = try batches.next()
    // Nobody asks for another batch now.
    #expect(eventually { set.readCount == 7 })
    usleep(20_000)
    #expect(set.readCount == 7)
    while try batches.next() != nil {}
    #expect(set.readCount == 100)
    #expect(set.threadCount <= 3)
  }

  @Test("brings an error after the batches before it, and nothing after it", arguments: [2, 4])
  func errors(workers: Int) throws {
    for _ in 0..<20 {
      let set = Counting(100, brokenIndex: 35)
      var batches = DataLoader(set, batchSize: 10, prefetch: 5, workers: workers).epoch(0)
      for first in 0..<3 { #expect(try batches.next()?.targets[0].item(Int.self) == first * 10) }
      #expect(throws: Broken(index: 35)) { try batches.next() }
      #expect(try batches.next() == nil)
    }
  }

  @Test("ends with the loop, and lets the data set go")
  func abandoned() {
    weak var left: Counting?
    do {
      let set = Counting(1_000_000)
      left = set
      var batches = DataLoader(set, batchSize: 1, prefetch: 8, workers: 4).epoch(0)
      _ = try? batches.next()
    }
    #expect(eventually { left == nil })
  }
}
