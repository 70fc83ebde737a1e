import CZlib
import Foundation
import TensorIO
import Testing

/// A gzip archive of these bytes.
func gzip(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
  var stream = z_stream()
  glassbox_deflate_init(&stream, level, 15 + 16)
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
  var input = bytes
  let size = input.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = UInt32(output.count)
      deflate(&stream, Z_FINISH)
      return output.count - Int(stream.avail_out)
    }
  }
  deflateEnd(&stream)
  return Array(output[..<size])
}

@Suite("Gzip")
struct GzipTests {
  let text = Array("The quick brown fox jumps over the lazy dog. ".utf8)

  @Test("gives back what was compressed", arguments: [0, 1, 100, 65_535, 65_536, 65_537, 131_072, 300_000])
  func roundTrip(count: Int) throws {
    let bytes = Array(sample[..<count])
    for level: Int32 in [0, 1, 9] {
      #expect(try Gzip.decompress(gzip(bytes, level: level), limit: count) == bytes)
    }
    #expect(try Gzip.decompress(Data(gzip(bytes)), limit: .max) == bytes)
  }

  @Test("reads what the gzip program writes, with a file name in the header")
  func theProgramsOwn() throws {
    // printf hello > a; gzip -9 a
    let archive: [UInt8] = [
      0x1f, 0x8b, 0x08, 0x08, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x61, 0x00, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00,
      0x86, 0xa6, 0x10, 0x36, 0x05, 0x00, 0x00, 0x00,
    ]
    #expect(try Gzip.decompress(archive, limit: 5) == Array("hello".utf8))
  }

  @Test("joins members, as gzip -d does")
  func members() throws {
    let archive = gzip(text) + gzip([]) + gzip(text)
    #expect(try Gzip.decompress(archive, limit: 1000) == text + text)
    #expect(throws: GzipError.tooLarge(limit: 2 * text.count - 1)) {
      try Gzip.decompress(archive, limit: 2 * text.count - 1)
    }
  }

  @Test("gives the same whatever the pieces are")
  func pieces() throws {
    let archive = gzip(Array(sample[..<5000])) + gzip(text)
    for size in [1, 2, 3, 7, 100, 4999, 1 << 20] {
      var output: [UInt8] = []
      var reader = try GzipReader(limit: 10_000)
      try archive.withUnsafeBytes { bytes throws in
        for start in stride(from: 0, to: bytes.count, by: size) {
          let piece = bytes[start..<min(start + size, bytes.count)]
          try reader.read(UnsafeRawBufferPointer(rebasing: piece)) { output += $0 }
        }
      }
      try reader.finish()
      #expect(output == Array(sample[..<5000]) + text)
    }
  }

  @Test("finds an archive cut at any length")
  func truncated() {
    for archive in [gzip(text), gzip(Array(sample[..<3000])), gzip([])] {
      for length in 0..<archive.count {
        #expect(throws: GzipError.truncated) { try Gzip.decompress(Array(archive[..<length]), limit: 10_000) }
      }
    }
    let two = gzip(text) + gzip(text)
    for length in gzip(text).count + 1..<two.count {
      #expect(throws: GzipError.truncated) { try Gzip.decompress(Array(two[..<length]), limit: 10_000) }
    }
  }

  @Test(
    "finds anything behind the end",
    arguments: [[0], [0, 0, 0, 0], [0x1f, 0x8a], [0x1f, 0x1f, 0x8b], [65, 66, 67]])
  func trailing(bytes: [UInt8]) {
    #expect(throws: GzipError.trailingBytes) { try Gzip.decompress(gzip(text) + bytes, limit: 10_000) }
  }

  @Test("refuses what is no archive", arguments: ["PK\u{3}\u{4}....", "hello, world", "\u{1f}x"])
  func notGzip(words: String) {
    #expect(throws: GzipError.notGzip) { try Gzip.decompress(Array(words.utf8), limit: 10_000) }
  }

  @Test("gives the right bytes or an error, whichever bit is changed")
  func damaged() throws {
    for bytes in [Array(sample[..<1000]), text + text] {
      let archive = gzip(bytes)
      for index in archive.indices {
        for bit in 0..<8 {
          var changed = archive
          changed[index] ^= 1 << bit
          // Some bits say nothing about the contents: the time, say, or what fills a last byte.
          if let output = try? Gzip.decompress(changed, limit: 10_000) {
            #expect(output == bytes, "byte \(index) bit \(bit)")
          }
        }
      }
    }
    let archive = gzip(text)
    var wrongSum = archive
    wrongSum[archive.count - 8] ^= 1
    #expect(throws: GzipError.damaged("incorrect data check")) { try Gzip.decompress(wrongSum, limit: 10_000) }
    var wrongSize = archive
    wrongSize[archive.count - 1] ^= 1
    #expect(throws: GzipError.damaged("incorrect length check")) { try Gzip.decompress(wrongSize, limit: 10_000) }
  }

  @Test("stops a bomb at the limit, whatever size it claims")
  func bomb() {
    var archive = gzip([UInt8](repeating: 0, count: 64 << 20))
    #expect(archive.count < 70_000)
    #expect(throws: GzipError.tooLarge(limit: 1 << 20)) { try Gzip.decompress(archive, limit: 1 << 20) }
    #expect(throws: GzipError.tooLarge(limit: 0)) { try Gzip.decompress(archive, limit: 0) }
    for claim: [UInt8] in [[0, 0, 0, 0], [255, 255, 255, 255]] {
      archive.replaceSubrange(archive.count - 4..<archive.count, with: claim)
      #expect(throws: GzipError.tooLarge(limit: 1 << 20)) { try Gzip.decompress(archive, limit: 1 << 20) }
    }
    let many = Array(repeatElement(gzip([1]), count: 1000).joined())
    #expect(throws: GzipError.tooLarge(limit: 999)) { try Gzip.decompress(many, limit: 999) }
  }

  @Test("meets no bytes that crash it")
  func random() {
    var state: UInt64 = 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for archive in [gzip(text), gzip(Array(sample[..<500])), gzip([UInt8](repeating: 9, count: 9000))] {
      for _ in 0..<3000 {
        var changed = archive
        for _ in 0...next(4) { changed[next(changed.count)] = UInt8(next(256)) }
        if next(2) == 0 { changed.removeLast(next(changed.count)) }
        _ = try? Gzip.decompress(changed, limit: 20_000)
      }
    }
  }
}
