import Applications
import DataPipelines
import Foundation
import Models
import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

@Suite("A classifier of pictures")
struct PictureClassifierTests {
  private let folder: TemporaryFolder
  private var file: URL { folder.file("model.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  /// Dark and bright pictures of 12×12, told apart after a few steps.
  private func trained(_ model: any Layer, channels: Int = 1) -> PictureClassifier {
    let generator = RandomGenerator(seed: 1)
    let noise = Tensor.uniform([40, channels, 12, 12], using: generator) * 100
    let targets = Tensor((0..<40).map { $0 % 2 }, shape: [40])
    let bright = targets.cast(to: .float32).reshaped([40, 1, 1, 1]) * 150
    let data = TensorDataset(inputs: (noise + bright).cast(to: .uint8), targets: targets)
    let preparation = PicturePreparation.fitting(data, size: 12, channels: channels)
    let optimizer = Adam(model.parameters, learningRate: 0.01)
    for batch in DataLoader(data, batchSize: 20, transforms: [preparation.normalization]).epoch(0) {
      for _ in 0..<10 {
        optimizer.zeroGradients()
        crossEntropy(model(batch.inputs), batch.targets).backward()
        optimizer.step()
      }
    }
    return PictureClassifier(
      model, preparation: preparation, classNames: ["dark", "bright"], details: ["seed": "1", "data": "noise"])
  }

  @Test("learned to tell dark from bright, and predicts the same to the bit after saving and loading")
  func roundTrip() throws {
    let models: [any Layer] = [
      LeNet(pictureSize: 12, classes: 2, using: RandomGenerator(seed: 2)),
      ResNetCIFAR(blocks: 1, channels: 1, classes: 2, width: 8, using: RandomGenerator(seed: 2)),
      MLP(sizes: [144, 8, 2], using: RandomGenerator(seed: 2)),
      VGG(
        .init(stages: [[4], [4]]), normalised: true, channels: 1, classes: 2, hidden: 8, using: RandomGenerator(seed: 2)
      ),
    ]
    let pictures = [
      Tensor.full([1, 12, 12], 20, dtype: .uint8), Tensor.full([3, 30, 20], 230, dtype: .uint8),
      (Tensor.uniform([3, 9, 50], using: RandomGenerator(seed: 5)) * 255).cast(to: .uint8),
    ]
    for model in models {
      let classifier = trained(model)
      let before = classifier.predict(pictures)
      try classifier.save(to: file)
      let loaded = try PictureClassifier(contentsOf: file)
      #expect(type(of: loaded.model) == type(of: model))
      #expect(loaded.predict(pictures) == before)
      #expect(pictures.map { loaded.predict($0) } == pictures.map { classifier.predict($0) })
      #expect(loaded.preparation == classifier.preparation && loaded.classNames == ["dark", "bright"])
      #expect(loaded.details == ["seed": "1", "data": "noise"])
      if model is MLP { #expect(before[0].className == "dark" && before[1].className == "bright") }
      for prediction in before { #expect(abs(prediction.candidates.reduce(0) { $0 + $1.probability } - 1) < 1e-12) }
    }
  }

  @Test("reads files, grey or in colours, transparent or large, alone or in batches")
  func files() throws {
    let classifier = trained(LeNet(pictureSize: 12, classes: 2, using: RandomGenerator(seed: 2)))
    let names = ["colour.jpg", "grey.png", "alpha.png", "deep-grey.png", "cmyk.jpg", "turned-6.jpg"]
    let together = try classifier.predict(names.map(picture), batchSize: 4)
    for (name, prediction) in zip(names, together) {
      let alone = try classifier.predict(picture(name))
      #expect(alone.className == prediction.className)
      #expect(abs(alone.probability - prediction.probability) < 1e-6)
      #expect(try classifier.predict(PictureFile.read(picture(name))) == alone)
    }
    #expect(try classifier.predict([URL]()).isEmpty && classifier.predict([Tensor]()).isEmpty)
    let half = folder.file("half.jpg")
    try Data(contentsOf: picture("colour.jpg")).prefix(300).write(to: half)
    let error = try #require(throws: FileError.self) { try classifier.predict([picture("grey.png"), half]) }
    #expect("\(error)".contains("half.jpg"))
    #expect(throws: FileError.self) { try classifier.predict(folder.file("absent.jpg")) }
  }

  @Test("leaves its model's modes as they are")
  func modes() {
    let model = ResNetCIFAR(blocks: 1, channels: 1, classes: 2)
    model.layer1.evaluate()
    let classifier = trained(model)
    model.train()
    model.layer1.evaluate()
    let before = model.namedModules().map(\.module.isTraining)
    let statistics = model.namedBuffers().map { $0.buffer.value.scalars(as: Double.self) }
    _ = classifier.predict(Tensor.zeros([1, 12, 12], dtype: .uint8))
    #expect(model.namedModules().map(\.module.isTraining) == before)
    #expect(before.contains(true) && before.contains(false))
    #expect(model.namedBuffers().map { $0.buffer.value.scalars(as: Double.self) } == statistics)
  }

  @Test("keeps another dtype")
  func dtypes() throws {
    let model = LeNet(pictureSize: 12, classes: 2, using: RandomGenerator(seed: 2))
    let picture = Tensor.full([1, 12, 12], 77, dtype: .uint8)
    let trained = trained(model)
    for dtype in [DType.float64, .bfloat16] {
      model.cast(to: dtype)
      try trained.save(to: file)
      let loaded = try PictureClassifier(contentsOf: file)
      #expect(loaded.model.parameters[0].dtype == dtype)
      #expect(loaded.predict(picture) == trained.predict(picture))
    }
  }

  @Test("of one's own kind is loaded into another of it, and not without")
  func own() throws {
    func make(_ seed: UInt64) -> Sequential {
      let generator = RandomGenerator(seed: seed)
      return Sequential([Flatten(), Linear(144, 4, using: generator), Tanh(), Linear(4, 2, using: generator)])
    }
    let classifier = trained(make(1))
    try classifier.save(to: file)
    let picture = Tensor.full([1, 12, 12], 77, dtype: .uint8)
    #expect(try PictureClassifier(contentsOf: file, into: make(2)).predict(picture) == classifier.predict(picture))
    let error = try #require(throws: FileError.self) { try PictureClassifier(contentsOf: file) }
    #expect("\(error)".contains("\"architecture\"") && "\(error)".contains("Sequential"))
    let other = try #require(throws: FileError.self) {
      try PictureClassifier(contentsOf: file, into: Sequential([Flatten(), Linear(144, 2)]))
    }
    #expect("\(other)".contains("\"3.bias\": expected no tensor of that name, found one [2], and 3 others"), "\(other)")
    #expect(throws: FileError.self) { try TablePredictor(contentsOf: file, into: make(2)) }
  }

  @Test("stops for a model that is not for these classes or pictures")
  func misuse() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let preparation = PicturePreparation(size: 12, channels: 1, mean: [0.5], standardDeviation: [0.5])
      _ = PictureClassifier(LeNet(pictureSize: 12, classes: 3), preparation: preparation, classNames: ["a", "b"])
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("makes [1, 3]") && message.contains("makes [1, 2] of [1, 1, 12, 12]"), "\(message)")
  }
}
