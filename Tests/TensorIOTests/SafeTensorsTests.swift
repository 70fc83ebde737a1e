import Foundation
import TensorCore
import TensorIO
import Testing

@Suite("A safetensors file")
struct SafeTensorsTests {
  @Test("of the reference implementation is read: every dtype, metadata, names with any character")
  func reference() throws {
    let file = try SafeTensors(contentsOf: golden("types.safetensors"))
    #expect(file.metadata == ["format": "numpy"])
    #expect(file.names.count == 11)
    for dtype in [DType.float64, .float32, .int64, .int32, .uint8, .bool] {
      #expect(same(try file[dtype.description], numbers(dtype, [2, 3])), "\(dtype)")
    }
    #expect(same(try file["float16"], numbers(.float32, [2, 3])))
    #expect(same(try file["scalar"], numbers(.float32, [])))
    #expect(same(try file["empty"], numbers(.float32, [0, 4])))
    #expect(same(try file["größe \"1\"\n"], numbers(.int32, [1])))
  }

  @Test("with an element type that tensors lack gives all its other tensors")
  func unsupported() throws {
    let file = try SafeTensors(contentsOf: golden("types.safetensors"))
    expectFailure("types.safetensors", "\"refused\"", "I16", "F32") { () throws(FileError) in _ = try file["refused"] }
    expectFailure("\"refused\"") { () throws(FileError) in _ = try file.tensors() }
    #expect(try file["int32"].count == 6)
  }

  @Test("without alignment is read by copying, bfloat16 included")
  func unaligned() throws {
    let file = try SafeTensors(contentsOf: golden("unaligned.safetensors"))
    #expect(file.names == ["byte", "bfloat16", "unaligned"])
    #expect(same(try file["bfloat16"], numbers(.bfloat16, [2, 3])))
    #expect(same(try file["unaligned"], numbers(.float64, [2])))
  }

  @Test("is written as the reference implementation writes it, byte for byte")
  func written() throws {
    let tensors = [
      "b.weight": numbers(.float32, [2, 3]), "a.weight": numbers(.float32, [3]), "c": numbers(.float32, []),
    ]
    let ours = SafeTensors.encode(tensors, metadata: ["note": "first\nsecond \"quoted\" \\ é"])
    #expect(ours == (try bytes(golden("floats.safetensors"))))
  }

  @Test("comes back with the same bits, from memory and from disk")
  func roundTrip() throws {
    let metadata = ["": "", "ключ\u{7f}\u{1f600}": "\"\\/\u{8}\u{c}\n\r\t\u{0}"]
    let folder = try Folder()
    try SafeTensors.write(assortment, metadata: metadata, to: folder["a.safetensors"])
    let encoded = SafeTensors.encode(assortment, metadata: metadata)
    #expect(try bytes(folder["a.safetensors"]) == encoded)
    for file in [try SafeTensors(contentsOf: folder["a.safetensors"]), try SafeTensors(encoded: encoded)] {
      #expect(file.metadata == metadata)
      let tensors = try file.tensors()
      #expect(tensors.count == assortment.count)
      for (name, tensor) in assortment { #expect(try same(#require(tensors[name]), tensor), "\(name)") }
    }
    #expect(try SafeTensors(encoded: SafeTensors.encode([:])).names == [])
  }

  @Test("starts its data at a multiple of eight bytes, and each tensor at one of its element size")
  func alignment() throws {
    for length in 0..<9 {
      let name = String(repeating: "x", count: length)
      let encoded = SafeTensors.encode([
        name: numbers(.float64, [1]), "b": numbers(.uint8, [3]), "f": numbers(.float32, [1]),
      ])
      #expect(encoded[0] % 8 == 0)
      #expect(try SafeTensors(encoded: encoded).names == [name, "f", "b"])
    }
  }

  @Test("stays as it was for tensors read from it, when they are written to and when it is replaced")
  func borrowing() throws {
    let folder = try Folder()
    let url = folder["a.safetensors"]
    try SafeTensors.write(["x": numbers(.float32, [1000])], to: url)
    var tensor = try SafeTensors(contentsOf: url)["x"]
    let untouched = tensor
    tensor[0] = Tensor(7.0)
    #expect(try SafeTensors(contentsOf: url)["x"][0].item() == -2)
    try SafeTensors.write(["x": Tensor.zeros([1000])], to: url)
    #expect(same(untouched, numbers(.float32, [1000])))
    #expect(try SafeTensors(contentsOf: url)["x"].sum().item() == 0)
  }

  @Test("says which tensors it has when one is missing")
  func missing() throws {
    let file = try SafeTensors(contentsOf: golden("floats.safetensors"))
    expectFailure("floats.safetensors, \"weight\"", "\"a.weight\"") { () throws(FileError) in _ = try file["weight"] }
  }

  @Test("that is absent, a folder, a device or empty is refused with its path")
  func unreadable() throws {
    let folder = try Folder()
    try Data().write(to: folder["empty"])
    for (url, words) in [
      (folder["absent"], "No such file"), (folder.url, "Is a directory"),
      (URL(filePath: "/dev/null"), "a regular file"),
      (folder["empty"], "8 bytes"),
    ] {
      expectFailure(words, url.lastPathComponent) { () throws(FileError) in _ = try SafeTensors(contentsOf: url) }
    }
  }
}
