import CKernels
import Testing

@Suite("The allocator")
struct AllocatorTests {
  /// Sizes on both sides of what is kept by class, joined and cut, and put on huge pages.
  static let sizes = [
    1 << 10, (1 << 10) + 1, 5000, (64 << 10) - 1, 64 << 10, 300_000, 1 << 20, (4 << 20) - 1, 4 << 20, 9 << 20,
  ]

  @Test("keeps blocks that are cut and joined apart, aligned and unchanged")
  func blocks() {
    var state: UInt64 = 1
    func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    var blocks: [(bytes: UnsafeMutableRawBufferPointer, value: UInt8)] = []
    func free(_ index: Int) {
      let (bytes, value) = blocks.remove(at: index)
      // Each page, and the last byte.
      let places = stride(from: 0, to: bytes.count, by: 4096).map { $0 } + [bytes.count - 1]
      #expect(places.allSatisfy { bytes[$0] == value })
      gb_free(bytes.baseAddress, bytes.count)
    }
    for round in 0..<4000 {
      if blocks.count == 40 || (!blocks.isEmpty && next(2) == 0) {
        free(next(blocks.count))
      } else {
        let size = Self.sizes[next(Self.sizes.count)] + next(3) * 1000
        let block = gb_allocate(size)!
        #expect(UInt(bitPattern: block) % 64 == 0)
        blocks.append((UnsafeMutableRawBufferPointer(start: block, count: size), UInt8(next(256))))
        let (bytes, value) = blocks[blocks.count - 1]
        for place in stride(from: 0, to: size, by: 4096) { bytes[place] = value }
        bytes[size - 1] = value
      }
      if round % 1000 == 999 { gb_memory_trim() }
    }
    while !blocks.isEmpty { free(blocks.count - 1) }
  }
}
