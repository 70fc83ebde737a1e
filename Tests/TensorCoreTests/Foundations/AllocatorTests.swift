import CKernels
import Foundation
import Synchronization
import Testing

@Suite("The allocator")
struct AllocatorTests {
  /// Allocates, fills, checks and frees blocks of any size to 16 MiB in a random order; how many were not aligned, or had changed.
  static func damagedBlocks(seed: UInt64, rounds: Int) -> Int {
    var state = seed
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    var blocks: [(bytes: UnsafeMutableRawBufferPointer, value: UInt8)] = []
    var damaged = 0
    /// Both ends, and a byte of each page.
    func places(_ bytes: UnsafeMutableRawBufferPointer) -> [Int] {
      stride(from: 0, to: bytes.count, by: 4096).map { $0 } + [bytes.count - 1]
    }
    for round in 0..<rounds {
      if blocks.count == 40 || (!blocks.isEmpty && next(2) == 0) {
        let (bytes, value) = blocks.remove(at: next(blocks.count))
        if places(bytes).contains(where: { bytes[$0] != value }) { damaged += 1 }
        gb_free(bytes.baseAddress, bytes.count)
      } else {
        // From 1 KiB on, each power of two as often as the next, and now and then exactly one.
        let power = 1024 << next(14)
        let size = next(4) == 0 ? power : power + next(power)
        guard let block = gb_allocate(size), UInt(bitPattern: block) % 64 == 0 else {
          damaged += 1
          continue
        }
        let bytes = UnsafeMutableRawBufferPointer(start: block, count: size)
        let value = UInt8(next(256))
        for place in places(bytes) { bytes[place] = value }
        blocks.append((bytes, value))
      }
      if round % 50 == 49 { gb_memory_trim() }
    }
    for (bytes, value) in blocks {
      if places(bytes).contains(where: { bytes[$0] != value }) { damaged += 1 }
      gb_free(bytes.baseAddress, bytes.count)
    }
    return damaged
  }

  @Test("keeps blocks that are cut and joined apart, aligned and unchanged, from four threads at once")
  func blocks() {
    let damaged = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      let found = Self.damagedBlocks(seed: UInt64(thread) + 1, rounds: 10_000)
      damaged.withLock { $0 += found }
    }
    #expect(damaged.withLock { $0 } == 0)
  }
}
