import CKernels
import Testing

@Suite("Philox4x32-10")
struct PhiloxTests {
  private func block(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
    var out = [UInt32](repeating: 0, count: 4)
    gb_philox4x32_10(counter, key, &out)
    return out
  }

  // The known answers of Random123's kat_vectors file (Salmon et al., 2011): zeros, ones, and the digits of π.
  @Test("gives the published vectors")
  func knownAnswers() {
    let ones = UInt32.max
    #expect(block([0, 0, 0, 0], [0, 0]) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    #expect(block([ones, ones, ones, ones], [ones, ones]) == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
    #expect(
      block([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0])
        == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
  }

  // Lengths that fill no vector, one, several and a part; positions that carry into the counter's high word.
  @Test(
    "is what the vectorised kernel computes, block by block",
    arguments: [0, 1, 0xffff_fffa, 0x1234_5678_9abc_def0] as [UInt64])
  func words(_ position: UInt64) {
    let seed: UInt64 = 0xfedc_ba98_7654_3210
    for blocks in [1, 2, 7, 16, 17, 33] {
      var words = [UInt32](repeating: 0, count: 4 * blocks)
      gb_cpu_kernels().pointee.random_words(blocks, seed, position, &words)
      for index in 0..<blocks {
        let counter = position + UInt64(index)
        let expected = block(
          [UInt32(truncatingIfNeeded: counter), UInt32(counter >> 32), 0, 0],
          [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)])
        #expect(Array(words[(4 * index)..<(4 * index + 4)]) == expected, "block \(index) of \(blocks)")
      }
    }
  }
}
