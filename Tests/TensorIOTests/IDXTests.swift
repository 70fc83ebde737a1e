import Foundation
import TensorCore
import TensorIO
import Testing

@Suite("An IDX file")
struct IDXTests {
  @Test("is read in every element type")
  func types() throws {
    #expect(same(try IDX.read(golden("type-08.idx")), numbers(.uint8, [2, 3])))
    #expect(same(try IDX.read(golden("type-09.idx")), numbers(.int32, [2, 3])))
    #expect(same(try IDX.read(golden("type-0b.idx")), numbers(.int32, [2, 3])))
    #expect(same(try IDX.read(golden("type-0c.idx")), numbers(.int32, [2, 3])))
    #expect(same(try IDX.read(golden("type-0d.idx")), numbers(.float32, [2, 3])))
    #expect(same(try IDX.read(golden("type-0e.idx")), numbers(.float64, [2, 3])))
  }

  @Test("may be a scalar or empty")
  func odd() throws {
    #expect(same(try IDX.decode([0, 0, 8, 0, 7]), Tensor(7, dtype: .uint8)))
    #expect(same(try IDX.decode([0, 0, 8, 1, 0, 0, 0, 0]), Tensor.zeros([0], dtype: .uint8)))
    #expect(same(try IDX.decode([0, 0, 11, 1, 0, 0, 0, 0]), Tensor.zeros([0], dtype: .int32)))
  }

  @Test(
    "that is damaged is refused",
    arguments: [
      ([], "an empty file"), ([0, 0, 8], "00 00 08"), ([1, 0, 8, 0, 7], "01 00 08 00"),
      ([0, 0, 10, 0, 7], "00 00 0a 00"),
      ([0, 0, 8, 1, 0, 0], "header of 8 bytes"), ([0, 0, 8, 1, 0, 0, 0, 2, 7], "found 1"),
      ([0, 0, 8, 1, 0, 0, 0, 2, 7, 8, 9], "found 3"), ([0, 0, 8, 255], "header of 1024 bytes"),
      ([0, 0, 8, 1, 255, 255, 255, 255], "4294967295 bytes"),
      ([0, 0, 8, 9] + [UInt8](repeating: 0, count: 36), "at most 8 dimensions"),
      ([0, 0, 8, 3] + [UInt8](repeating: 255, count: 12), "2^60"),
      ([0x1f, 0x8b], "gzip"), ([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0], "gzip"),
    ] as [([UInt8], String)])
  func damaged(bytes: [UInt8], words: String) {
    expectFailure("IDX data", words) { () throws(FileError) in _ = try IDX.decode(bytes) }
  }

  @Test("holds no more than the limit, compressed or not")
  func limit() throws {
    // An IDX file of 1,000 zeros, compressed.
    let archive = try #require(Data(base64Encoded: "H4sIAAAAAAACA2Ng4GBkYGB+wTAKRsEoGPYAALudI/LwAwAA"))
    let plain: [UInt8] = [0, 0, 8, 1, 0, 0, 3, 232] + [UInt8](repeating: 0, count: 1000)
    for bytes in [[UInt8](archive), plain] {
      #expect(try IDX.decode(bytes, limit: 1008).shape == [1000])
      expectFailure("1007 bytes") { () throws(FileError) in _ = try IDX.decode(bytes, limit: 1007) }
    }
  }
}
