import Foundation
import TensorCore
import TensorIO
import Testing

@Suite("A npz file")
struct NpzTests {
  private static let arrays = [
    "weight": numbers(.float32, [2, 3]), "layer/bias": numbers(.float64, [4]), "größe": numbers(.int64, []),
  ]

  @Test("of NumPy's is read, stored or deflated")
  func numpy() throws {
    for name in ["stored", "deflated"] {
      var expected = Self.arrays
      if name == "deflated" { expected["zeros"] = Tensor.zeros([50, 50]) }
      let found = try Npz.read(golden("\(name).npz"))
      #expect(found.keys.sorted() == expected.keys.sorted())
      for (key, tensor) in expected { #expect(try same(#require(found[key]), tensor), "\(key)") }
    }
    #expect(try Npz.read(golden("empty.npz")).isEmpty)
  }

  @Test("comes back with the same bits, stored or deflated, and is the same file each time")
  func roundTrip() throws {
    let arrays = assortment.filter { $0.value.dtype != .bfloat16 && !$0.key.contains("\u{1}") }
    let folder = try Folder()
    for compressed in [false, true] {
      try Npz.write(arrays, to: folder["a.npz"], compressed: compressed)
      try Npz.write(arrays, to: folder["b.npz"], compressed: compressed)
      #expect(try bytes(folder["a.npz"]) == bytes(folder["b.npz"]))
      let found = try Npz.read(folder["a.npz"])
      #expect(found.count == arrays.count)
      for (key, tensor) in arrays { #expect(try same(#require(found[key]), tensor), "\(key)") }
    }
    try Npz.write([:], to: folder["a.npz"])
    #expect(try Npz.read(folder["a.npz"]).isEmpty)
    #expect(folder.names == ["a.npz", "b.npz"])
  }

  @Test("that is no npz file is refused")
  func refused() throws {
    expectFailure("refused-readme.npz, \"readme.txt\"", "NAME.npy") { () throws(FileError) in
      _ = try Npz.read(golden("refused-readme.npz"))
    }
    expectFailure("npz data", "zip") { () throws(FileError) in _ = try Npz.decode([]) }
    expectFailure("npz data", "zip") { () throws(FileError) in _ = try Npz.decode(Array("PK\u{3}\u{4} and so on".utf8))
    }
    expectFailure("scalar.npy", "zip") { () throws(FileError) in _ = try Npz.read(golden("scalar.npy")) }
  }

  @Test("that is cut short anywhere is refused")
  func truncated() throws {
    let whole = try bytes(golden("deflated.npz"))
    for length in 0..<whole.count {
      #expect(throws: FileError.self, "\(length)") { try Npz.decode(Array(whole[..<length])) }
    }
  }

  @Test("whose bytes do not match their checksum is refused")
  func checksum() throws {
    var whole = try bytes(golden("stored.npz"))
    let number = try #require(whole.range(of: numbers(.float64, [4]).withUnsafeBytes { Array($0) }))
    whole[number.lowerBound] ^= 1
    expectFailure("\"layer/bias.npy\"", "CRC") { () throws(FileError) in _ = try Npz.decode(whole) }
  }

  @Test("with an encrypted member, an unknown method or one name twice is refused")
  func unsupported() throws {
    let whole = try bytes(golden("stored.npz"))
    // In each entry of the directory: the flags at 8, of which bit 0 is encryption, the method at 10, the name at 46.
    let entries = whole.indices.dropLast(3).filter { Array(whole[$0..<($0 + 4)]) == [0x50, 0x4b, 1, 2] }
    let locals = whole.indices.dropLast(3).filter { Array(whole[$0..<($0 + 4)]) == [0x50, 0x4b, 3, 4] }
    #expect(entries.count == 3 && locals.count == 3)
    var encrypted = whole
    encrypted[entries[0] + 8] |= 1
    encrypted[locals[0] + 6] |= 1
    expectFailure("encrypted") { () throws(FileError) in _ = try Npz.decode(encrypted) }
    var unknown = whole
    unknown[entries[0] + 10] = 97
    unknown[locals[0] + 8] = 97
    expectFailure("zip") { () throws(FileError) in _ = try Npz.decode(unknown) }

    let folder = try Folder()
    try Npz.write(["aa": Tensor([1.0]), "bb": Tensor([2.0])], to: folder["a.npz"])
    var twice = try bytes(folder["a.npz"])
    for index in twice.indices.dropLast() where twice[index] == 0x62 && twice[index + 1] == 0x62 {
      (twice[index], twice[index + 1]) = (0x61, 0x61)
    }
    expectFailure("\"aa.npy\"", "once", "twice") { () throws(FileError) in _ = try Npz.decode(twice) }
  }

  @Test("with more than the limit inside is refused, whether a member is honest about its size or not")
  func bombs() throws {
    let folder = try Folder()
    try Npz.write(
      ["a": Tensor.zeros([1_000_000]), "b": Tensor.zeros([1_000_000])], to: folder["a.npz"], compressed: true)
    #expect(try bytes(folder["a.npz"]).count < 10_000)
    #expect(try Npz.read(folder["a.npz"], limit: 8_000_256).count == 2)
    expectFailure("\"b.npy\"", "at most", "4000000 bytes") { () throws(FileError) in
      _ = try Npz.read(folder["a.npz"], limit: 8_000_255)
    }
    expectFailure("\"a.npy\"") { () throws(FileError) in _ = try Npz.read(folder["a.npz"], limit: 0) }

    // A member that holds more, or less, than its array's header says.
    try Npz.write(["a": Tensor.zeros([1_000_000])], to: folder["a.npz"])
    for (size, words) in [("900000 ", "found more"), ("9000000", "CRC")] {
      var lying = try bytes(folder["a.npz"])
      lying.replaceSubrange(try #require(lying.range(of: Array("1000000".utf8))), with: Array(size.utf8))
      expectFailure("\"a.npy\"", words) { () throws(FileError) in _ = try Npz.decode(lying) }
    }
  }
}

extension [UInt8] {
  /// Where these bytes stand, for the first time.
  func range(of part: [UInt8]) -> Range<Int>? {
    indices.first { starts(with: part, at: $0) }.map { $0..<($0 + part.count) }
  }

  private func starts(with part: [UInt8], at index: Int) -> Bool {
    index + part.count <= count && self[index..<(index + part.count)].elementsEqual(part)
  }
}
