import Foundation
import TensorCore
import TensorIO
import Testing

@Suite("Sharded safetensors files")
struct ShardedSafeTensorsTests {
  @Test("of the reference implementation are read as one")
  func reference() throws {
    let model = try ShardedSafeTensors(contentsOf: golden("sharded.safetensors.index.json"))
    #expect(model.names == ["a.bias", "a.weight", "b.weight", "größe"])
    #expect(model.files == ["sharded-00001-of-00002.safetensors", "sharded-00002-of-00002.safetensors"])
    let tensors = try model.tensors()
    #expect(tensors.count == 4)
    #expect(try same(#require(tensors["a.weight"]), numbers(.float32, [2, 3])))
    #expect(try same(#require(tensors["a.bias"]), numbers(.float32, [3])))
    #expect(try same(model["b.weight"], numbers(.bfloat16, [4])))
    #expect(try same(model["größe"], numbers(.int64, [])))
    expectFailure("index.json", "\"c\"", "\"a.bias\"") { () throws(FileError) in _ = try model["c"] }
  }

  @Test("come back with the same bits, no file larger than the limit unless for one tensor")
  func roundTrip() throws {
    let folder = try Folder()
    for limit in [1, 24, 40, 100, 5_000_000_000] {
      let index = try ShardedSafeTensors.write(
        assortment, into: folder.url, maximumShardSize: limit, metadata: ["format": "pt"])
      #expect(index.lastPathComponent == "model.safetensors.index.json")
      let model = try ShardedSafeTensors(contentsOf: index)
      #expect(model.names == assortment.keys.sorted())
      for (name, tensor) in assortment { #expect(try same(model[name], tensor), "\(name)") }
      for file in model.files {
        let shard = try SafeTensors(contentsOf: folder[file])
        #expect(shard.metadata == ["format": "pt"])
        let sizes = try shard.tensors().values.map { $0.count * $0.dtype.size }
        #expect(sizes.reduce(0, +) <= limit || sizes.filter { $0 > 0 }.count == 1, "\(limit) \(sizes)")
      }
      #expect(model.files.last?.hasSuffix("-of-0000\(model.files.count).safetensors") == true || model.files.count > 9)
      #expect(limit < 1000 || model.files.count == 1)
      let json = try JSONSerialization.jsonObject(with: Data(contentsOf: index)) as? [String: Any]
      let metadata = try #require(json?["metadata"] as? [String: Any])
      #expect(metadata["total_size"] as? Int == assortment.values.reduce(0) { $0 + $1.count * $1.dtype.size })
      #expect((json?["weight_map"] as? [String: String])?.count == assortment.count)
      #expect(!folder.names.contains { $0.hasSuffix(".partial") })
    }
    try ShardedSafeTensors.write([:], into: folder.url, name: "none")
    #expect(try ShardedSafeTensors(contentsOf: folder["none.safetensors.index.json"]).names == [])
  }

  @Test("name the file or the tensor that is missing")
  func missing() throws {
    let folder = try Folder()
    let tensors = ["a": numbers(.float32, [4]), "b": numbers(.float32, [4])]
    let index = try ShardedSafeTensors.write(tensors, into: folder.url, maximumShardSize: 16)
    let second = folder["model-00002-of-00002.safetensors"]
    try SafeTensors.write(["c": numbers(.float32, [4])], to: second)
    expectFailure("model-00002-of-00002.safetensors, \"b\"") { () throws(FileError) in
      _ = try ShardedSafeTensors(contentsOf: index)
    }
    try FileManager.default.removeItem(at: second)
    expectFailure("index.json, \"model-00002-of-00002.safetensors\"", "no such file") { () throws(FileError) in
      _ = try ShardedSafeTensors(contentsOf: index)
    }
    expectFailure("absent.json", "No such file") { () throws(FileError) in
      _ = try ShardedSafeTensors(contentsOf: folder["absent.json"])
    }
  }

  @Test(
    "with a damaged index are refused",
    arguments: [
      ("", "the index"), ("{}", "weight_map"), ("{\"weight_map\": []}", "the index"),
      ("{\"weight_map\": {\"a\": 1}}", "\"\"\""),
      ("{\"weight_map\": {\"a\": \"../a\"}}", "\"../a\""), ("{\"weight_map\": {\"a\": \"/etc/passwd\"}}", "beside"),
      ("{\"weight_map\": {\"a\": \"..\"}}", "beside"), ("{\"weight_map\": {\"a\": \"\"}}", "beside"),
      ("{\"weight_map\": {\"a\": \"x\", \"a\": \"y\"}}", "twice"),
      ("{\"weight_map\": {}, \"weight_map\": {}}", "twice"),
      ("{\"weight_map\": {}} x", "nothing more"), ("{\"metadata\": {\"total_size\": 1e999}}", "JSON value"),
      ("{\"metadata\": " + String(repeating: "[", count: 100_000), "nested"),
    ])
  func damaged(text: String, words: String) throws {
    let folder = try Folder()
    try Data(text.utf8).write(to: folder["index.json"])
    expectFailure("index.json", words) { () throws(FileError) in
      _ = try ShardedSafeTensors(contentsOf: folder["index.json"])
    }
  }

  @Test("stay as they were when the disk is full")
  func fullDisk() async throws {
    await #expect(processExitsWith: .success) {
      let folder = try Folder()
      let small = ["a": Tensor([1.0, 2.0]), "b": Tensor([3.0, 4.0])]
      let index = try ShardedSafeTensors.write(small, into: folder.url, maximumShardSize: 8)
      let names = folder.names
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let large = ["a": Tensor([5.0, 6.0]), "b": Tensor.uniform([100_000])]
      expectFailure("File too large") { () throws(FileError) in
        try ShardedSafeTensors.write(large, into: folder.url, maximumShardSize: 8)
      }
      #expect(folder.names == names)
      let model = try ShardedSafeTensors(contentsOf: index)
      #expect(try model["a"].scalars(as: Double.self) == [1, 2])
      #expect(try model["b"].scalars(as: Double.self) == [3, 4])
    }
  }
}
