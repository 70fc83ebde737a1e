import Foundation
import TensorCore
import TensorIO
import Testing

/// A npy file with this dictionary, and zeros behind it.
private func file(_ dictionary: String, version: [UInt8] = [1, 0], data: Int = 0) -> [UInt8] {
  let length = dictionary.utf8.count
  let size = version[0] == 1 ? [length & 0xff, length >> 8] : [length & 0xff, length >> 8, length >> 16, 0]
  return [0x93] + Array("NUMPY".utf8) + version + size.map { UInt8($0 & 0xff) } + Array(dictionary.utf8)
    + [UInt8](repeating: 0, count: data)
}

private func dictionary(_ type: String = "'<f4'", order: String = "False", shape: String = "(2,)") -> String {
  "{'descr': \(type), 'fortran_order': \(order), 'shape': \(shape), }"
}

@Suite("A npy file")
struct NpyTests {
  @Test(
    "of NumPy's is read, in every dtype and both byte orders",
    arguments: [
      ("little-f4", DType.float32), ("little-f8", .float64), ("little-i4", .int32), ("little-i8", .int64),
      ("big-f4", .float32), ("big-f8", .float64), ("big-i4", .int32), ("big-i8", .int64),
      ("byte-u1", .uint8), ("byte-b1", .bool), ("little-f2", .float32), ("big-f2", .float32),
    ])
  func dtypes(name: String, dtype: DType) throws {
    #expect(same(try Npy.read(golden("\(name).npy")), numbers(dtype, [2, 3])))
  }

  @Test("of NumPy's is read, whatever its order, shape and version")
  func forms() throws {
    #expect(same(try Npy.read(golden("columns.npy")), numbers(.float32, [2, 3, 4])))
    #expect(same(try Npy.read(golden("columns-big.npy")), numbers(.float64, [3, 2])))
    #expect(same(try Npy.read(golden("scalar.npy")), numbers(.float64, [])))
    #expect(same(try Npy.read(golden("vector.npy")), numbers(.int32, [5])))
    #expect(same(try Npy.read(golden("empty.npy")), numbers(.float32, [3, 0, 2])))
    for version in 1...3 {
      #expect(same(try Npy.read(golden("version-\(version).npy")), numbers(.float32, [2, 2])))
    }
  }

  @Test("is written as NumPy writes it, byte for byte")
  func written() throws {
    for (name, tensor) in [
      ("little-f4", numbers(.float32, [2, 3])), ("little-f8", numbers(.float64, [2, 3])),
      ("little-i4", numbers(.int32, [2, 3])), ("little-i8", numbers(.int64, [2, 3])),
      ("byte-u1", numbers(.uint8, [2, 3])),
      ("byte-b1", numbers(.bool, [2, 3])), ("scalar", numbers(.float64, [])), ("vector", numbers(.int32, [5])),
      ("empty", numbers(.float32, [3, 0, 2])),
    ] {
      #expect(Npy.encode(tensor) == (try bytes(golden("\(name).npy"))), "\(name)")
    }
  }

  @Test("comes back with the same bits")
  func roundTrip() throws {
    let folder = try Folder()
    for (name, tensor) in assortment where tensor.dtype != .bfloat16 {
      try Npy.write(tensor, to: folder["a.npy"])
      #expect(same(try Npy.read(folder["a.npy"]), tensor), "\(name)")
    }
  }

  @Test("with more than numbers is refused")
  func refused() {
    for (name, words) in [
      ("records", "records of several fields"), ("object", "never unpickled"), ("text", "<U2"), ("complex", "<c8"),
      ("int16", "astype('int32')"),
    ] {
      expectFailure("refused-\(name).npy", words) { () throws(FileError) in
        _ = try Npy.read(golden("refused-\(name).npy"))
      }
    }
  }

  @Test(
    "with a header that is not the format's is refused",
    arguments: [
      (file("", data: 4), "found its end"), (file("[]"), "\"{\""), (file(dictionary() + "x", data: 8), "nothing more"),
      (file("{'descr': '<f4', 'shape': (2,)}", data: 8), "no 'fortran_order'"),
      (file("{'descr': '<f4', 'descr': '<f4'}"), "twice"), (file("{'extra': 1}"), "extra"),
      (file("{'descr': '<f4"), "the end of the string"), (file("{'descr': '\\x3cf4'}"), "the end of the string"),
      (file(dictionary("'<f4\"")), "found \"f\""), (file(dictionary("<f4")), "\"\""),
      (file(dictionary("'f4'")), "f4"), (file(dictionary("'|f4'")), "|f4"), (file(dictionary("''")), "\"\""),
      (file(dictionary("'<f44'")), "<f44"),
      (file(dictionary(order: "0")), "True or False"), (file(dictionary(order: "Falsehood")), "True or False"),
      (file(dictionary(shape: "(2)")), "comma"), (file(dictionary(shape: "[2]")), "\"(\""),
      (file(dictionary(shape: "(-2,)")), "whole number"), (file(dictionary(shape: "(2+1,)")), "\"+\""),
      (file(dictionary(shape: "(2.0,)")), "\".\""), (file(dictionary(shape: "(,)")), "whole number"),
      (file(dictionary(shape: "(1,1,1,1,1,1,1,1,2)"), data: 8), "at most 8 dimensions"),
      (file(dictionary(shape: "(4294967296, 4294967296)"), data: 8), "2^60"),
      (file(dictionary(shape: "(0, 4611686018427387904, 4611686018427387904)")), "2^60"),
      (file(dictionary(), data: 7), "found 7"), (file(dictionary(), data: 9), "found 9"),
      (file(dictionary(), version: [4, 0], data: 8), "4.0"), (file(dictionary(), version: [1, 1], data: 8), "1.1"),
      (Array("\u{93}NUMPY".utf8), "beginning"), ([], "beginning"), ([0x93] + Array("NUMPY".utf8), "12 bytes"),
    ])
  func grammar(bytes: [UInt8], words: String) {
    expectFailure("npy data", words) { () throws(FileError) in _ = try Npy.decode(bytes) }
  }

  @Test("with a header longer than the file, or than 64 KiB, is refused")
  func length() {
    var bytes = file(dictionary(), data: 8)
    bytes[8] = 0xff
    expectFailure("265 bytes") { () throws(FileError) in _ = try Npy.decode(bytes) }
    bytes = file(dictionary(), version: [2, 0], data: 8)
    bytes[11] = 0xff
    expectFailure("at most 65536") { () throws(FileError) in _ = try Npy.decode(bytes) }
  }

  @Test("is accepted as other programs write it")
  func variants() throws {
    for text in [
      "{\"shape\": (2,), \"fortran_order\": False, \"descr\": \"<f4\"}",
      "{'descr':'=f4','fortran_order':True,'shape':(2L,)}\n",
      " { 'descr' : '>f4' , 'fortran_order' : False , 'shape' : ( 2 , ) , } \n\n",
    ] {
      #expect(try Npy.decode(file(text, data: 8)).shape == [2])
    }
  }

  @Test("with a bool that is neither 0 nor 1 is refused")
  func bools() {
    var bytes = file(dictionary("'|b1'"), data: 2)
    bytes[bytes.count - 1] = 255
    expectFailure("0 or 1", "255") { () throws(FileError) in _ = try Npy.decode(bytes) }
  }

  @Test("cannot be made of a bfloat16 tensor, and the message says what to do")
  func bfloat16() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Npy.encode(Tensor([1.0], dtype: .bfloat16))
    }
    let words = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(words.contains("cast(to: .float32)"))
  }
}
