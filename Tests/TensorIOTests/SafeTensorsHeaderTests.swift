import Foundation
import TensorCore
import TensorIO
import Testing

/// A file with this header, and zeros behind it.
private func file(_ header: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
  file(Array(header.utf8), data: data, length: length)
}

private func file(_ header: [UInt8], data: Int = 0, length: UInt64? = nil) -> [UInt8] {
  withUnsafeBytes(of: (length ?? UInt64(header.count)).littleEndian) { Array($0) } + header
    + [UInt8](repeating: 0, count: data)
}

private func entry(_ name: String, _ shape: String, _ begin: String, _ end: String, _ type: String = "U8") -> String {
  "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}"
}

@Suite("A hostile safetensors header is refused")
struct SafeTensorsHeaderTests {
  @Test(
    "when its JSON is not the format's",
    arguments: [
      ("", "\"{\""), (" {}", "\"{\""), ("[]", "\"{\""), ("{", "its end"), ("{}{}", "nothing more"),
      ("{} x", "nothing more"),
      ("{\"a\"}", "\":\""), ("{\"a\":1}", "\"{\""), ("{a:1}", "\"\""), ("{\"a\":{},}", "no dtype"),
      ("{\"a\":{\"dtype\":\"U8\",}}", "\"}\""), ("{\"a\":{\"dtype\":1}}", "found \"1\""),
      ("{\"a\":{\"shape\":[-1]}}", "a whole number"), ("{\"a\":{\"shape\":[1.0]}}", "found \".\""),
      ("{\"a\":{\"shape\":[01]}}", "a whole number"), ("{\"a\":{\"shape\":[1,]}}", "a whole number"),
      ("{\"a\":{\"shape\":[1e3]}}", "found \"e\""), ("{\"a\":{\"shape\":[9223372036854775808]}}", "below 2^63"),
      ("{\"a\":{\"shape\":[[1]]}}", "found \"[\""), ("{\"a\":{\"shape\":null}}", "found \"n\""),
      ("{\"a\":{\"extra\":1}}", "extra"), ("{\"__metadata__\":{\"a\":1}}", "found \"1\""),
      ("{\"__metadata__\":{\"a\":{}}}", "found \"{\""), ("{\"a", "the end of the string"),
      ("{\"a\n\":{}}", "the end of the string"), ("{\"\\x\":{}}", "an escape"), ("{\"\\u12g4\":{}}", "hexadecimal"),
      ("{\"\\ud800\":{}}", "second half"), ("{\"\\ud800\\u0041\":{}}", "second half"),
      ("{\"\\udc00\":{}}", "whole \\u pair"),
    ])
  func grammar(header: String, words: String) {
    expectFailure("safetensors data", words) { () throws(FileError) in _ = try SafeTensors(encoded: file(header)) }
  }

  @Test(
    "when it is not UTF-8",
    arguments: [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xe2, 0x82]])
  func encoding(bytes: [UInt8]) {
    let header = Array("{\"".utf8) + bytes + Array("\":{}}".utf8)
    expectFailure("UTF-8") { () throws(FileError) in _ = try SafeTensors(encoded: file(header)) }
  }

  @Test("when it is nested as deep as the file is long")
  func nesting() {
    for bracket in ["[", "{\"a\":"] {
      let header = "{\"a\":{\"shape\":" + String(repeating: bracket, count: 1_000_000)
      expectFailure("at byte 1") { () throws(FileError) in _ = try SafeTensors(encoded: file(header)) }
    }
  }

  @Test("when it has something twice")
  func duplicates() {
    let once = entry("a", "1", "0", "1")
    for (header, key) in [
      ("{\(once),\(once)}", "\"a\""), ("{\(once),\(entry("\\u0061", "1", "1", "2"))}", "\"a\""),
      ("{\"__metadata__\":{},\"__metadata__\":{}}", "__metadata__"),
      ("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", "\"k\""),
      ("{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\"}}", "dtype"),
      ("{\"a\":{\"shape\":[],\"shape\":[]}}", "shape"),
      ("{\"a\":{\"data_offsets\":[],\"data_offsets\":[]}}", "data_offsets"),
    ] {
      expectFailure("once", "twice", key) { () throws(FileError) in _ = try SafeTensors(encoded: file(header, data: 2))
      }
    }
  }

  @Test("when its length is wrong, whatever it claims")
  func length() {
    for length in [3, 100_000_001, UInt64(Int64.max), .max, .max - 7] {
      expectFailure("header of at most 2 bytes", "\(length) bytes") { () throws(FileError) in
        _ = try SafeTensors(encoded: file("{}", length: length))
      }
    }
    expectFailure("8 bytes") { () throws(FileError) in _ = try SafeTensors(encoded: [1, 2, 3]) }
  }

  @Test("when it is longer than 100 MB")
  func tooLong() throws {
    let folder = try Folder()
    try Data(file("{}", length: 100_000_001)).write(to: folder["a"])
    let handle = try FileHandle(forWritingTo: folder["a"])
    try handle.truncate(atOffset: 200_000_000)
    expectFailure("at most 100000000 bytes") { () throws(FileError) in _ = try SafeTensors(contentsOf: folder["a"]) }
  }

  private static let contradictions: [(entries: [String], expected: String, found: String)] = [
    ([entry("a", "2", "0", "1")], "2 elements", "1 bytes"),
    ([entry("a", "2", "0", "4", "F32")], "F32 [2]", "4 bytes"),
    ([entry("a", "3", "0", "2", "F4")], "F4 [3]", "2 bytes"),
    ([entry("a", "4", "0", "4"), entry("b", "4", "2", "6")], "offset", "offset 2"),
    ([entry("a", "4", "0", "4"), entry("b", "4", "0", "4")], "offset", "offset 0"),
    ([entry("a", "2", "0", "2"), entry("b", "2", "4", "6")], "offset", "offset 4"),
    ([entry("a", "4", "4", "8")], "offset", "offset 4"),
    ([entry("a", "4", "0", "4")], "4 bytes of data", "found 8"),
    ([], "0 bytes of data", "found 8"),
    ([entry("a", "16", "0", "16")], "up to 8", "[0, 16]"),
    ([entry("a", "2", "4", "2")], "in order", "[4, 2]"),
    ([entry("a", "1", "0", "9223372036854775807")], "up to 8", "9223372036854775807"),
    ([entry("a", "1", "0", "1", "F99")], "dtype", "F99"),
    (["\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0]}"], "[begin, end]", "list of 1"),
    (["\"a\":{\"dtype\":\"U8\",\"shape\":[8],\"data_offsets\":[0,4,8]}"], "[begin, end]", "list of 3"),
    (["\"a\":{\"dtype\":\"U8\",\"shape\":[8]}"], "fields", "no data_offsets"),
    ([entry("a", "1,1,1,1,1,1,1,1,8", "0", "8")], "at most 8 dimensions", "9"),
    ([entry("a", "4294967296,4294967296", "0", "8")], "2^60", "4294967296"),
    ([entry("a", "1152921504606846975", "0", "8", "F64")], "elements", "8 bytes"),
    ([entry("a", "0,9223372036854775807,9223372036854775807", "0", "0")], "2^60", "[0, 92"),
    ([entry("a", "9223372036854775807,2,0", "0", "0")], "2^60", "[92"),
  ]

  @Test("when places and shapes contradict each other", arguments: contradictions)
  func places(entries: [String], expected: String, found: String) {
    let header = "{\(entries.joined(separator: ","))}"
    expectFailure(expected, found) { () throws(FileError) in _ = try SafeTensors(encoded: file(header, data: 8)) }
  }

  @Test("when a bool is neither 0 nor 1, on reading that tensor")
  func bools() throws {
    for offset in [0, 1] {
      let start = offset == 0 ? "" : entry("x", "1", "0", "1") + ","
      let header = "{\(start)\(entry("a", "2", "\(offset)", "\(offset + 2)", "BOOL"))}"
      var bytes = file(header, data: 2 + offset)
      bytes[bytes.count - 1] = 2
      let tensors = try SafeTensors(encoded: bytes)
      expectFailure("\"a\"", "0 or 1", "2") { () throws(FileError) in _ = try tensors["a"] }
    }
  }

  @Test("but not for blanks, escapes, empty tensors anywhere, or another order")
  func accepted() throws {
    let header =
      "{ \"b\" : { \"shape\" : [ 2 , 2 ] , \"data_offsets\" : [ 4 , 8 ] , \"dtype\" : \"U8\" } ,\n\t\"\\u00e9\\ud83d\\ude00\\n\":"
      + "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\(entry("e", "0", "4", "4", "F64"))} \n "
    let tensors = try SafeTensors(encoded: file(header, data: 8))
    #expect(tensors.names == ["é😀\n", "e", "b"])
    #expect(try tensors["b"].shape == [2, 2])
  }

  @Test("and a message shows a name safely, however long or odd it is")
  func names() throws {
    let header = "{\"\\u001b[31m\(String(repeating: "x", count: 10_000))\":{}}"
    let text = try #require(message { () throws(FileError) in _ = try SafeTensors(encoded: file(header)) })
    #expect(text.count < 300 && text.contains("\\u{1B}[31m") && text.contains("…"))
  }
}
