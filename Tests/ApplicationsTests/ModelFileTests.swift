import Applications
import DataPipelines
import Foundation
import Models
import NeuralNetworks
import Tables
import TensorCore
import TensorIO
import Testing

@Suite("A model's file")
struct ModelFileTests {
  private let folder: TemporaryFolder
  private var file: URL { folder.file("model.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  /// Some two thousand bytes.
  private let small = ModelFile(
    MLP(sizes: [4, 3, 2], using: RandomGenerator(seed: 1)),
    preparation: .picture(
      PicturePreparation(size: 2, channels: 1, mean: [0.5], standardDeviation: [0.25]), classNames: ["a", "é"]),
    details: ["seed": "1"])

  @Test("has the weights by PyTorch's names, and the rest in words that one can read")
  func contents() throws {
    try small.write(to: file)
    let tensors = try SafeTensors(contentsOf: file)
    #expect(Set(tensors.names) == ["layers.0.weight", "layers.0.bias", "layers.2.weight", "layers.2.bias"])
    var metadata = tensors.metadata
    #expect(metadata.removeValue(forKey: "sha256")?.count == 64)
    #expect(
      metadata == [
        "format": "glassbox model 1", "task": "picture classification", "model": "MLP",
        "architecture": #"{"kind":"mlp","sizes":[4,3,2]}"#, "class_names": #"["a","é"]"#,
        "details": #"{"seed":"1"}"#,
        "preparation": #"{"channels":1,"mean":[0.5],"size":{"height":2,"width":2},"standardDeviation":[0.25]}"#,
      ])
  }

  @Test("comes back as it was")
  func roundTrip() throws {
    try small.write(to: file)
    let read = try ModelFile(contentsOf: file)
    #expect(read.architecture == small.architecture && read.preparation == small.preparation)
    #expect(read.details == small.details && read.task == .pictureClassification && read.model == "MLP")
    #expect(Set(read.state.names) == Set(small.state.names))
    for (name, tensor) in read.state {
      #expect((tensor .== (try #require(small.state[name]))).all().item(Bool.self))
    }
    let bytes = try Data(contentsOf: file)
    try read.write(to: file)
    #expect(try Data(contentsOf: file) == bytes)
  }

  @Test("with any bit changed, or cut anywhere, is refused by name")
  func damaged() throws {
    try small.write(to: file)
    let whole = try Data(contentsOf: file)
    let path = file.path(percentEncoded: false)
    func refused(_ what: String) {
      do {
        _ = try ModelFile(contentsOf: file)
        Issue.record("\(what) was read")
      } catch {
        if !error.description.contains(path) { Issue.record("\(what): \(error)") }
      }
    }
    let handle = try FileHandle(forUpdating: file)
    func set(_ byte: UInt8, at offset: Int) throws {
      try handle.seek(toOffset: UInt64(offset))
      try handle.write(contentsOf: Data([byte]))
    }
    for (offset, byte) in whole.enumerated() {
      for bit in 0..<8 {
        try set(byte ^ (1 << UInt8(bit)), at: offset)
        refused("bit \(bit) of byte \(offset)")
      }
      try set(byte, at: offset)
    }
    _ = try PictureClassifier(contentsOf: file)
    for length in (0..<whole.count).reversed() {
      try handle.truncate(atOffset: UInt64(length))
      refused("a file of \(length) bytes")
    }
  }

  @Test("whose contents were replaced, hash and all, is refused by what can't be")
  func replaced() throws {
    func refused(_ file: ModelFile, _ words: String) throws {
      try file.write(to: self.file)
      let error = try #require(throws: FileError.self) { try PictureClassifier(contentsOf: self.file) }
      #expect("\(error)".contains(words), "\(error)")
    }
    let two = PicturePreparation(size: 2, channels: 1, mean: [0], standardDeviation: [1])
    // More classes, other pictures, no classes.
    let model = MLP(sizes: [4, 3, 2])
    try refused(ModelFile(model, preparation: .picture(two, classNames: ["a", "b", "c"])), "\"preparation\"")
    try refused(ModelFile(model, preparation: .picture(two, classNames: [])), "one class or more")
    let three = PicturePreparation(size: 3, channels: 1, mean: [0], standardDeviation: [1])
    try refused(ModelFile(model, preparation: .picture(three, classNames: ["a", "b"])), "[1, 9]")
    // Tensors alone.
    try SafeTensors.write(model.stateDictionary().dictionary, to: file)
    let error = try #require(throws: FileError.self) { try ModelFile(contentsOf: file) }
    #expect("\(error)".contains("expected glassbox model 1, found tensors alone"))
    try SafeTensors.write([:], metadata: ["format": "glassbox model 2"], to: file)
    let newer = try #require(throws: FileError.self) { try ModelFile(contentsOf: file) }
    #expect("\(newer)".contains("found glassbox model 2"))
  }

  @Test("keeps what stood there when it can't be written")
  func unwritable() throws {
    let absent = folder.url.appending(path: "no folder/model.safetensors")
    #expect(throws: FileError.self) { try small.write(to: absent) }
  }
}
