import Foundation
import TensorCore
import TensorIO
import Testing

@Suite("A PyTorch checkpoint")
struct PyTorchCheckpointTests {
  @Test(
    "of PyTorch's is read in every dtype: either byte order, deflated, by a newer pickle protocol",
    arguments: ["types", "types-big", "types-deflated", "types-protocol-4"])
  func types(name: String) throws {
    let tensors = try PyTorchCheckpoint(contentsOf: golden("\(name).pt")).tensors()
    #expect(tensors.count == 10)
    for dtype in [DType.float32, .float64, .bfloat16, .int32, .int64, .uint8, .bool] {
      #expect(try same(#require(tensors["\(dtype)"]), numbers(dtype, [2, 3])), "\(dtype)")
    }
    #expect(try same(#require(tensors["float16"]), numbers(.float32, [2, 3])))
    #expect(try same(#require(tensors["scalar"]), numbers(.float32, [])))
    #expect(try same(#require(tensors["empty"]), numbers(.float64, [2, 0, 3])))
  }

  @Test("with element types that tensors lack gives all its other tensors")
  func unsupported() throws {
    let checkpoint = try PyTorchCheckpoint(contentsOf: golden("unsupported.pt"))
    #expect(try same(checkpoint["float32"].tensor(), numbers(.float32, [2])))
    for name in ["int8", "int16", "complex64"] {
      expectFailure("unsupported.pt", "\"\(name)\"", "a tensor of \(name), shape [2]") { () throws(FileError) in
        _ = try checkpoint[name].tensor()
      }
    }
    expectFailure("unsupported.pt", "\"int8\"") { () throws(FileError) in _ = try checkpoint.tensors() }
  }

  @Test("keeps what views show: strides, offsets, repeated elements, shared storages, parameters")
  func views() throws {
    let tensors = try PyTorchCheckpoint(contentsOf: golden("views.pt")).tensors()
    let base = numbers(.float32, [4, 6])
    let shared = numbers(.float32, [10])
    let expected: [String: Tensor] = [
      "transposed": base.transposed(), "steps": base[.slice(from: 1, by: 2), .every(3)], "offset": base[2, 1..<4],
      "expanded": base[.all, 2..<3].expanded(to: [4, 3]), "permuted": base.reshaped([2, 2, 6]).permuted([2, 0, 1]),
      "overlapping": Tensor.stacked([shared[0..<4], shared[2..<6], shared[4..<8], shared[6..<10]]),
      "half": base.transposed(), "first": shared[0..<6], "second": shared[4..<10], "parameter": base[0],
      "leaf": numbers(.float32, [3]), "bools": numbers(.bool, [4, 6]).transposed(),
    ]
    #expect(tensors.keys.sorted() == expected.keys.sorted())
    for (name, tensor) in expected {
      #expect(try same(#require(tensors[name]), tensor), "\(name)")
    }
    #expect(tensors.values.allSatisfy { !$0.requiresGradient })
    // A tensor that shares its storage must not see what is written to another.
    var first = try #require(tensors["first"])
    first[5] = Tensor(100.0)
    #expect(try same(#require(tensors["second"]), shared[4..<10]))
  }

  @Test("in half precision gives each of its numbers")
  func halves() throws {
    let count = 200_000
    let bits = (0..<count).map { UInt16(truncatingIfNeeded: $0) }
    let file = storedZip([
      ("x/data.pkl", tensorPickle(0, [count], [1], count, type: "HalfStorage")),
      ("x/data/0", bits.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }),
    ])
    let found = try PyTorchCheckpoint(encoded: file).tensor().scalars(as: Float.self)
    #expect(found.map(\.bitPattern) == bits.map { Float(Float16(bitPattern: $0)).bitPattern })
  }

  @Test("is borrowed from the file, but for what is not stored as it is used")
  func borrowing() throws {
    #expect(try PyTorchCheckpoint(contentsOf: golden("model.pt"), limit: 0).tensors().count == 9)
    for name in ["views.pt", "types-big.pt", "types-deflated.pt", "types.pt"] {
      expectFailure(name, "at most 0 bytes more") { () throws(FileError) in
        _ = try PyTorchCheckpoint(contentsOf: golden(name), limit: 0)
      }
    }
  }

  @Test("of a training run gives its parts by name: models, numbers, texts, lists")
  func nested() throws {
    let checkpoint = try PyTorchCheckpoint(contentsOf: golden("checkpoint.pt"))
    #expect(
      checkpoint.names == [
        "model", "optimizer", "epoch", "loss", "best", "done", "name", "sizes", "dtype", "history", "large", "7",
      ])
    let model = try checkpoint["model"].tensors()
    let alone = try PyTorchCheckpoint(contentsOf: golden("model.pt")).tensors()
    #expect(model.keys.sorted() == alone.keys.sorted())
    for (name, tensor) in alone { #expect(try same(#require(model[name]), tensor), "\(name)") }
    #expect(try checkpoint["epoch"].integer() == 3)
    #expect(try checkpoint["loss"].number() == 0.25)
    #expect(try checkpoint["done"].bool() == false)
    #expect(try checkpoint["name"].text() == "größe \u{1f600}")
    #expect(try (0..<4).map { try checkpoint["sizes"][$0].integer() } == [3, 1, 3, 3])
    #expect(try checkpoint[7].text() == "seven")
    #expect(
      try (0..<7).map { try checkpoint["large"][$0].integer() } == [1 << 62, .min, -1, 255, 256, 65536, -70000])
    guard case .none = try checkpoint["best"].value, case .elementType("bfloat16") = try checkpoint["dtype"].value,
      case .list(let history) = try checkpoint["history"].value, history.count == 5,
      case .tuple(let empty) = history[3], empty.isEmpty
    else {
      Issue.record("the plain values differ")
      return
    }
    let adam = try checkpoint["optimizer"]
    #expect(try adam["state"][0].names == ["step", "exp_avg", "exp_avg_sq"])
    #expect(try adam["state"][0]["exp_avg"].tensor().shape == [3, 1, 3, 3])
    #expect(try adam["param_groups"][0]["lr"].number() == 0.01)
    #expect(try adam["param_groups"][0]["betas"][1].number() == 0.999)
  }

  @Test("says where a value is missing or of another kind")
  func wrongKinds() throws {
    let checkpoint = try PyTorchCheckpoint(contentsOf: golden("checkpoint.pt"))
    expectFailure("checkpoint.pt", "weights", "\"model\"") { () throws(FileError) in _ = try checkpoint["weights"] }
    expectFailure("\"epoch\"", "a text", "the integer 3") { () throws(FileError) in
      _ = try checkpoint["epoch"].text()
    }
    expectFailure("\"sizes\"", "an element 4", "tuple of 4") { () throws(FileError) in
      _ = try checkpoint["sizes"][4]
    }
    expectFailure("checkpoint.pt, \"model\"", "a tensor") { () throws(FileError) in _ = try checkpoint.tensors() }
  }

  @Test(
    "that needs more than tensors and plain values is refused by what it needs",
    arguments: [
      ("refused-command.pt", "posix.system"), ("refused-module.pt", "torch.nn.modules.linear.Linear"),
      ("refused-sparse.pt", "torch._utils._rebuild_sparse_tensor"), ("refused-set.pt", "__builtin__.set"),
      ("refused-loop.pt", "contain themselves"), ("refused-bomb.pt", "values"),
      ("refused-byteorder.pt", "\"middle\""), ("refused-legacy.pt", "1.6"), ("stored.npz", "torch.save"),
      ("scalar.npy", "zip"),
    ])
  func refused(name: String, words: String) {
    expectFailure(name, words) { () throws(FileError) in _ = try PyTorchCheckpoint(contentsOf: golden(name)) }
  }

  @Test("is refused when a pickle is cut short or does what none of torch.save's does")
  func pickles() {
    let eval: [UInt8] = [0x80, 4, 0x8c, 8] + Array("builtins".utf8) + [0x8c, 4] + Array("eval".utf8) + [0x93, 0x2e]
    var path: [UInt8] = [0x80, 2, 0x28]
    path += text("storage")
    path += Array("ctorch\nFloatStorage\n".utf8)
    path += text("../../etc/passwd")
    path += text("cpu")
    path += [0x4b, 1, 0x74, 0x51, 0x2e]
    let long: [UInt8] = [0x80, 2, 0x8a, 9] + [UInt8](repeating: 1, count: 9) + [0x2e]
    let deep: [UInt8] = [0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 100_000) + [0x2e]
    let cases: [(String, [UInt8])] = [
      ("bytes more", [0x80, 2]), ("protocol", [0x80, 1, 0x4e, 0x2e]), ("a value on the stack", [0x80, 2, 0x2e]),
      ("os.system", [0x80, 2] + Array("cos\nsystem\n.".utf8)), ("builtins.eval", eval),
      ("0x81", [0x80, 2, 0x29, 0x29, 0x81, 0x2e]), ("0x69", Array("(ios\nsystem\n.".utf8)),
      // A text of 2^32 - 1 bytes, and one of 2^63.
      ("4294967295 bytes more", [0x80, 2, 0x58, 255, 255, 255, 255, 0x2e]),
      ("a length", [0x80, 4, 0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x2e]),
      ("64 bits", long),
      ("remembered as 7", [0x80, 2, 0x68, 7, 0x2e]), ("a mark", [0x80, 2, 0x74, 0x2e]),
      ("a list to add to", [0x80, 2, 0x7d, 0x4e, 0x61, 0x2e]), ("one value at the end", [0x80, 2, 0x4e, 0x4e, 0x2e]),
      ("a value for each key", [0x80, 2, 0x7d, 0x28, 0x4e, 0x75, 0x2e]),
      ("keys", [0x80, 2, 0x7d, 0x4e, 0x4e, 0x73, 0x2e]),
      ("twice", [0x80, 2, 0x7d, 0x4b, 1, 0x4e, 0x73, 0x4b, 1, 0x4e, 0x73, 0x2e]),
      // A tuple in a tuple, a hundred thousand times; lists in lists, each put into its list while it is still empty.
      ("nested", deep), ("nested", outermostFirst(50_000)), ("a storage of that name", path),
    ]
    for (words, pickle) in cases {
      expectFailure(words) { () throws(FileError) in
        _ = try PyTorchCheckpoint(encoded: storedZip([("x/data.pkl", pickle)]))
      }
    }
  }

  @Test("is refused when a tensor lies outside its storage, or repeats it beyond the limit")
  func tensors() throws {
    let storage = [UInt8](repeating: 0, count: 16)
    func file(offset: Int, sizes: [Int], strides: [Int], count: Int = 4) -> [UInt8] {
      storedZip([("x/data.pkl", tensorPickle(offset, sizes, strides, count)), ("x/data/0", storage)])
    }
    let whole = try PyTorchCheckpoint(encoded: file(offset: 1, sizes: [3], strides: [1])).tensor()
    #expect(same(whole, Tensor.zeros([3])))
    let cases: [(String, [UInt8])] = [
      ("inside the 4 elements", file(offset: 2, sizes: [3], strides: [1])),
      ("inside the 4 elements", file(offset: 0, sizes: [2, 2], strides: [4, 1])),
      ("inside the 4 elements", file(offset: 5, sizes: [0], strides: [1])),
      ("inside the 4 elements", file(offset: .max, sizes: [2], strides: [.max])),
      ("not negative", file(offset: -1, sizes: [3], strides: [1])),
      ("not negative", file(offset: 3, sizes: [3], strides: [-1])),
      ("one stride a size", file(offset: 0, sizes: [3], strides: [1, 1])),
      ("8 dimensions", file(offset: 0, sizes: Array(repeating: 1, count: 9), strides: Array(repeating: 1, count: 9))),
      ("2^60", file(offset: 0, sizes: [1 << 40, 1 << 40], strides: [0, 0])),
      ("at most 1000 bytes", file(offset: 0, sizes: [1 << 40], strides: [0])),
      ("4 elements of float32", storedZip([("x/data.pkl", tensorPickle(0, [4], [1], 4)), ("x/data/0", [1, 2])])),
      ("the bytes of -4", file(offset: 0, sizes: [4], strides: [1], count: -4)),
    ]
    for (words, file) in cases {
      expectFailure(words) { () throws(FileError) in _ = try PyTorchCheckpoint(encoded: file, limit: 1000) }
    }
  }

  @Test("is refused when its members lead out of their folder, come twice or lack the pickle")
  func members() {
    let none: [UInt8] = [0x80, 2, 0x4e, 0x2e]
    for (words, members) in [
      ("../data.pkl", [("../data.pkl", none)]), ("/data.pkl", [("/data.pkl", none)]),
      ("y/data/0", [("x/data.pkl", none), ("y/data/0", none)]),
      ("twice", [("x/data.pkl", none), ("x/data.pkl", none)]),
      ("data.pkl", [("x/version", none)]), ("TorchScript", [("x/data.pkl", none), ("x/code/a.py", none)]),
      ("\"data.pkl\"", [("data.pkl", none)]),
    ] {
      expectFailure(words) { () throws(FileError) in _ = try PyTorchCheckpoint(encoded: storedZip(members)) }
    }
  }
}

/// The opcodes for a text.
private func text(_ text: String) -> [UInt8] { [0x58, UInt8(text.utf8.count), 0, 0, 0] + text.utf8 }

/// The opcodes for an integer: LONG1 with eight bytes.
private func integer(_ number: Int) -> [UInt8] {
  [0x8a, 8] + withUnsafeBytes(of: number.littleEndian) { Array($0) }
}

/// The pickle of one tensor over the storage 0.
private func tensorPickle(
  _ offset: Int, _ sizes: [Int], _ strides: [Int], _ count: Int, type: String = "FloatStorage"
) -> [UInt8] {
  func tuple(_ numbers: [Int]) -> [UInt8] {
    var bytes: [UInt8] = [0x28]
    for number in numbers { bytes += integer(number) }
    return bytes + [0x74]
  }
  var pickle: [UInt8] = [0x80, 2]
  pickle += Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8)
  pickle += [0x28, 0x28]
  pickle += text("storage")
  pickle += Array("ctorch\n\(type)\n".utf8)
  pickle += text("0")
  pickle += text("cpu")
  pickle += integer(count)
  pickle += [0x74, 0x51]
  pickle += integer(offset)
  pickle += tuple(sizes)
  pickle += tuple(strides)
  return pickle + [0x89, 0x7d, 0x74, 0x52, 0x2e]
}

/// The pickle of `count` nested lists that are tied together by way of the memo, from the outermost on.
private func outermostFirst(_ count: Int) -> [UInt8] {
  func recall(_ index: Int) -> [UInt8] { [0x6a, UInt8(index & 255), UInt8(index >> 8), 0, 0] }
  var pickle: [UInt8] = [0x80, 4, 0x28]
  for _ in 0..<count { pickle += [0x5d, 0x94] }
  for index in 1..<count {
    pickle += recall(index - 1)
    pickle += recall(index)
    pickle += [0x61, 0x30]
  }
  pickle += [0x31]
  pickle += recall(0)
  return pickle + [0x2e]
}

/// A zip file with these members, stored.
func storedZip(_ members: [(String, [UInt8])]) -> [UInt8] {
  func number(_ value: Int, _ size: Int) -> [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  var file: [UInt8] = []
  var directory: [UInt8] = []
  for (name, data) in members {
    var fields = number(0, 8)
    fields += number(checksum(data), 4)
    fields += number(data.count, 4)
    fields += number(data.count, 4)
    fields += number(name.utf8.count, 2)
    fields += number(0, 2)
    directory += [0x50, 0x4b, 1, 2, 20, 0, 20, 0]
    directory += fields
    directory += number(0, 10)
    directory += number(file.count, 4)
    directory += Array(name.utf8)
    file += [0x50, 0x4b, 3, 4, 20, 0]
    file += fields
    file += Array(name.utf8)
    file += data
  }
  let start = file.count
  file += directory
  file += [0x50, 0x4b, 5, 6, 0, 0, 0, 0]
  file += number(members.count, 2)
  file += number(members.count, 2)
  file += number(directory.count, 4)
  file += number(start, 4)
  return file + number(0, 2)
}

/// CRC-32, as in zip files.
private func checksum(_ bytes: [UInt8]) -> Int {
  var crc = UInt32.max
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
  }
  return Int(~crc)
}
