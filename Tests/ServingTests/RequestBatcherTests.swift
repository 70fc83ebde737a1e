import Serving
import Synchronization
import Testing

@Suite("Requests in batches")
struct RequestBatcherTests {
  @Test("are answered in their order, those that come while others are computed together")
  func together() async throws {
    let sizes = Mutex<[Int]>([])
    let gate = Gate()
    let batcher = RequestBatcher<Int, Int>(.init(batch: 8, time: .seconds(60))) { inputs in
      sizes.withLock { $0.append(inputs.count) }
      if inputs == [0] { await gate.wait() }
      return inputs.map { $0 * 10 }
    }
    async let first = batcher.answer(0)
    while gate.arrived == 0 { try await Task.sleep(for: .milliseconds(1)) }
    let answers = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
      for input in 1...12 { group.addTask { (input, try await batcher.answer(input)) } }
      while await batcher.waitingCount < 12 { try await Task.sleep(for: .milliseconds(1)) }
      gate.open()
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    #expect(try await first == 0)
    #expect(answers == Dictionary(uniqueKeysWithValues: (1...12).map { ($0, $0 * 10) }))
    #expect(sizes.withLock { $0 } == [1, 8, 4])
    #expect(await batcher.computed == (batches: 3, requests: 13))
  }

  @Test("are refused when too many wait, and not computed when nobody waits for them")
  func queue() async throws {
    let inputs = Mutex<[Int]>([])
    let gate = Gate()
    let batcher = RequestBatcher<Int, Int>(.init(batch: 1, queue: 2, time: .seconds(60))) { batch in
      inputs.withLock { $0 += batch }
      await gate.wait()
      return batch
    }
    let first = Task { try await batcher.answer(0) }
    while gate.arrived == 0 { try await Task.sleep(for: .milliseconds(1)) }
    let second = Task { try await batcher.answer(1) }
    while await batcher.waitingCount < 1 { await Task.yield() }
    let left = Task { try await batcher.answer(2) }
    while await batcher.waitingCount < 2 { await Task.yield() }
    await #expect(throws: RequestError.queueFull) { try await batcher.answer(3) }
    left.cancel()
    await #expect(throws: CancellationError.self) { try await left.value }
    #expect(await batcher.waitingCount == 1)
    gate.open()
    #expect(try await [first.value, second.value] == [0, 1])
    #expect(inputs.withLock { $0 } == [0, 1])
  }

  @Test("are given up after their time, waiting or being computed")
  func time() async throws {
    let gate = Gate()
    let batcher = RequestBatcher<Int, Int>(.init(batch: 1, time: .milliseconds(50))) { batch in
      await gate.wait()
      return batch
    }
    let computed = Task { try await batcher.answer(0) }
    let waiting = Task { try await batcher.answer(1) }
    await #expect(throws: RequestError.timedOut) { try await computed.value }
    await #expect(throws: RequestError.timedOut) { try await waiting.value }
    gate.open()
  }

  @Test("get the error of their batch, and later ones their answers")
  func failure() async throws {
    struct Failure: Error {}
    let batcher = RequestBatcher<Int, Int> { if $0 == [0] { throw Failure() } else { $0 } }
    await #expect(throws: Failure.self) { try await batcher.answer(0) }
    #expect(try await batcher.answer(1) == 1)
  }
}
