import Foundation

/// Random numbers that depend on the seed alone (SplitMix64; Steele, Lea & Flood, 2014).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Damages files in the ways that matter to readers.
struct Mutator {
  private let seeds: [[UInt8]]
  private var random: SplitMix

  /// Numbers at the edges of what a length, a size or an offset can be.
  private static let edges: [UInt64] = [
    0, 1, 2, 7, 8, 9, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
    0x1_0000_0000, 1 << 60, 1 << 62, .max >> 1, 1 << 63, .max - 7, .max,
  ]

  private static let words = [
    "0", "-1", "1", "9", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551616", "1e9",
    "0.5",
    "\"", "'", "\\", "\\u0000", "\\ud800", "{", "}", "[", "]", "(", ")", ",", ":", " ", "null", "true", "False", "True",
    "F32", "F64", "F4", "BOOL", "__metadata__", "dtype", "shape", "data_offsets", "<f8", ">f8", "|b1", "|O", "é",
    "\u{0}",
    "PK\u{3}\u{4}", "PK\u{1}\u{2}", "PK\u{5}\u{6}", ".npy",
    "\u{7d}q\u{0}", "(u", "s.", "h\u{1}", "R", "Q", "t", "e", "b", "0", "2", "cos\nsystem\n", "ctorch\nSize\n", "/",
    "..",
  ].map { Array($0.utf8) }

  init(seeds: [[UInt8]], seed: UInt64) {
    self.seeds = seeds
    random = SplitMix(state: seed)
  }

  /// A damaged file: one to four changes to one of the seeds.
  mutating func next() -> [UInt8] {
    var bytes = pick(seeds)
    for _ in 0..<Int.random(in: 1...4, using: &random) { change(&bytes) }
    return bytes
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    let position = Int.random(in: 0...bytes.count, using: &random)
    let length = min(Int.random(in: 0...16, using: &random), bytes.count - position)
    switch Int.random(in: 0..<10, using: &random) {
    case 0 where position < bytes.count: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1 where position < bytes.count: bytes[position] = UInt8.random(in: .min ... .max, using: &random)
    case 2: bytes.removeSubrange(position..<bytes.count)
    case 3: bytes.removeSubrange(position..<(position + length))
    case 4:
      bytes.insert(contentsOf: (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &random) }, at: position)
    case 5: writeEdge(into: &bytes, at: position)
    case 6: bytes.replaceSubrange(position..<(position + length), with: pick(Self.words))
    case 7: bytes.insert(contentsOf: pick(Self.words), at: position)
    case 8: splice(&bytes, at: position, length)
    default: changeNumber(in: &bytes, from: position)
    }
  }

  /// Writes a number over one to eight bytes, in either byte order; most often over those at the beginning.
  private mutating func writeEdge(into bytes: inout [UInt8], at position: Int) {
    var number = withUnsafeBytes(of: pick(Self.edges).littleEndian) { Array($0) }
    number = Array(number.prefix(pick([1, 2, 4, 8])))
    if Bool.random(using: &random) { number.reverse() }
    let start = Bool.random(using: &random) ? position : min(position, Int.random(in: 0..<12, using: &random))
    for (offset, byte) in number.enumerated() where start + offset < bytes.count { bytes[start + offset] = byte }
  }

  /// Puts a part of this seed, or of another, in place of another part.
  private mutating func splice(_ bytes: inout [UInt8], at position: Int, _ length: Int) {
    let other = Bool.random(using: &random) ? bytes : pick(seeds)
    let start = Int.random(in: 0...other.count, using: &random)
    let end = min(other.count, start + Int.random(in: 0...64, using: &random))
    bytes.replaceSubrange(position..<(position + length), with: other[start..<end])
  }

  /// Replaces the next decimal number.
  private mutating func changeNumber(in bytes: inout [UInt8], from position: Int) {
    let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
    guard let start = bytes[position...].firstIndex(where: isDigit) else { return }
    let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: Array(String(pick(Self.edges)).utf8))
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &random)]
  }
}

/// Keeps the input that is being read in a file, so that it is there after a crash; gone when the object is.
final class LastInput {
  private let url: URL
  private let bytes: UnsafeMutableRawBufferPointer

  init(_ name: String) throws {
    url = FileManager.default.temporaryDirectory.appending(path: "glassbox-fuzz-\(name)-\(getpid())")
    let descriptor = open(url.path(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    defer { close(descriptor) }
    let size = 1 << 20
    // A shared mapping is in the file whatever becomes of the process.
    guard descriptor >= 0, ftruncate(descriptor, size) == 0,
      let address = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), address != MAP_FAILED
    else { throw CocoaError(.fileWriteUnknown) }
    bytes = UnsafeMutableRawBufferPointer(start: address, count: size)
  }

  /// The input: its length in eight bytes, little-endian, then itself.
  func set(_ input: [UInt8]) {
    bytes.storeBytes(of: input.count, as: Int.self)
    UnsafeMutableRawBufferPointer(rebasing: bytes[8...]).copyBytes(from: input.prefix(bytes.count - 8))
  }

  deinit {
    munmap(bytes.baseAddress, bytes.count)
    unlink(url.path())
  }
}
