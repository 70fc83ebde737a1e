import DataPipelines
import Foundation
import TensorCore
import TensorIO
import Testing

@Suite("A preparation of pictures")
struct PicturePreparationTests {
  private let colours = PicturePreparation(
    size: [12, 10], mean: [0.4, 0.5, 0.6], standardDeviation: [0.2, 0.25, 0.3])
  private let grey = PicturePreparation(size: 9, channels: 1, mean: [0.5], standardDeviation: [0.25])

  private static let files = [
    "a/1.jpg": "colour.jpg", "a/2.png": "grey.png", "b/1.png": "alpha.png", "b/2.png": "deep.png",
    "b/3.jpg": "cmyk.jpg",
  ]

  @Test("makes of a file what a folder of that size and its normalisation make")
  func asFolder() throws {
    let tree = try PictureTree(Self.files)
    defer { withExtendedLifetime(tree) {} }
    for preparation in [colours, grey] {
      let folder = try PictureFolder(tree.root, size: preparation.size, options: preparation.options)
      for index in folder.files.indices {
        let batch = Batch([try folder.example(at: index)])
        let trained = batch.transformed(by: [preparation.normalization], seed: 0).inputs[0]
        let used = preparation(try PictureFile.read(folder.files[index], options: preparation.options))
        #expect(used.dtype == .float32)
        #expect((used .== trained).all().item(Bool.self))
      }
    }
  }

  @Test("turns colours grey as Pillow does, and repeats grey")
  func channels() throws {
    let tree = try PictureTree(Self.files)
    defer { withExtendedLifetime(tree) {} }
    for name in ["a/1.jpg", "b/1.png", "b/3.jpg"] {
      let file = tree.root.appending(path: name)
      let asGrey = try PictureFile.read(file, options: PictureOptions(colors: .grey))
      #expect((grey(try PictureFile.read(file)) .== grey(asGrey)).all().item(Bool.self), "\(name)")
    }
    let x = Tensor([[[0, 100], [200, 255]]], dtype: .uint8)
    let raw = PicturePreparation(size: 2, mean: [0, 0, 0], standardDeviation: [1, 1, 1])
    #expect((raw.resized(x) .== Tensor.concatenated([x, x, x], axis: 0)).all().item(Bool.self))
    #expect(raw(x.cast(to: .float64) / 255).dtype == .float32)
    #expect((raw(x.cast(to: .float64) / 255) - raw(x)).abs().max().item() < 1e-6)
  }

  @Test(
    "covers its size from any other, and keeps the middle",
    arguments: [[1, 1], [3, 50], [50, 3], [12, 10], [24, 20]])
  func sizes(_ size: [Int]) {
    let picture = Tensor.full([3, size[0], size[1]], 51, dtype: .uint8)
    let prepared = colours(picture)
    #expect(prepared.shape == [3, 12, 10])
    let expected = Tensor([-1.0, -1.2, -4.0 / 3], shape: [3, 1, 1], dtype: .float32)
    #expect((prepared - expected).abs().max().item() < 1e-5)
  }

  @Test("fitted to pictures has their mean and deviation")
  func fitting() throws {
    let values = (0..<420).map { (i: Int) -> UInt8 in UInt8(truncatingIfNeeded: i * i * 7 + i * 13) }
    let pictures = Tensor(values, shape: [7, 3, 4, 5])
    let set = TensorDataset(inputs: pictures, targets: Tensor.zeros([7], dtype: .int64))
    let fitted = PicturePreparation.fitting(set, size: [4, 5])
    let scaled = pictures.cast(to: .float64) / 255
    for channel in 0..<3 {
      let part = scaled[.all, channel].flattened()
      let mean = part.mean().item()
      #expect(abs(fitted.mean[channel] - mean) < 1e-12)
      #expect(abs(fitted.standardDeviation[channel] - (part - mean).square().mean().item().squareRoot()) < 1e-12)
    }
    let normalised = Tensor.stacked((0..<7).map { fitted(pictures[$0]) })
    #expect(abs(normalised.mean().item()) < 1e-5 && abs(normalised.square().mean().item() - 1) < 1e-4)
    let flat = TensorDataset(inputs: Tensor.full([2, 1, 3, 3], 255, dtype: .uint8), targets: Tensor([0, 1]))
    let white = PicturePreparation.fitting(flat, size: 3, channels: 1)
    #expect(white.mean == [1] && white.standardDeviation == [1])
  }

  @Test("fitted to a folder reads each picture once, and throws what can't be read")
  func fittingFolder() throws {
    let tree = try PictureTree(Self.files)
    defer { withExtendedLifetime(tree) {} }
    let folder = try PictureFolder(tree.root)
    let fitted = try PicturePreparation.fitting(folder, size: 8)
    let bytes = try folder.files.map { fitted.resized(try PictureFile.read($0)).cast(to: .float64) / 255 }
    let mean = Tensor.stacked(bytes).mean(axes: [0, 2, 3]).scalars(as: Double.self)
    for (a, b) in zip(fitted.mean, mean) { #expect(abs(a - b) < 1e-12) }
    try Data("no picture".utf8).write(to: folder.files[1])
    let error = try #require(throws: FileError.self) { try PicturePreparation.fitting(folder, size: 8) }
    #expect("\(error)".contains(folder.files[1].lastPathComponent))
  }

  @Test("comes back from JSON, and is refused by name where it can't be")
  func json() throws {
    for preparation in [colours, grey] {
      let data = try JSONEncoder().encode(preparation)
      #expect(try JSONDecoder().decode(PicturePreparation.self, from: data) == preparation)
    }
    for (json, key) in [
      (#"{"size":{"height":0,"width":4},"channels":1,"mean":[0],"standardDeviation":[1]}"#, "size"),
      (#"{"size":{"height":4,"width":4},"channels":2,"mean":[0,0],"standardDeviation":[1,1]}"#, "channels"),
      (#"{"size":{"height":4,"width":4},"channels":1,"mean":[],"standardDeviation":[1]}"#, "mean"),
      (#"{"size":{"height":4,"width":4},"channels":1,"mean":[0],"standardDeviation":[0]}"#, "standardDeviation"),
    ] {
      let error = try #require(throws: FileError.self) {
        try JSONDecoder().decode(PicturePreparation.self, from: Data(json.utf8))
      }
      #expect("\(error)".contains("\"\(key)\""))
    }
  }
}
