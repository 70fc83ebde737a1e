import Foundation
import Models
import NeuralNetworks
import TensorCore
import TensorIO
import Testing

/// Models of torchvision's: goldens are written by scripts/goldens/torchvision_models.py.
@Suite("A model of torchvision's")
struct TorchvisionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let trains: Bool
    let make: @Sendable () -> any StagedClassifier
    var testDescription: String { name }
  }

  private static func resNet(_ depth: Int, _ configuration: ResNet.Configuration) -> Case {
    Case(name: "resnet\(depth)", trains: depth == 18 || depth == 50) { ResNet(configuration, classes: 7) }
  }

  private static func vgg(_ depth: Int, _ configuration: VGG.Configuration) -> [Case] {
    [false, true].map { normalised in
      Case(name: "vgg\(depth)\(normalised ? "_bn" : "")", trains: false) {
        VGG(configuration, normalised: normalised, classes: 7, hidden: hidden)
      }
    }
  }

  private static let hidden = 64
  static let cases =
    [resNet(18, .resNet18), resNet(34, .resNet34), resNet(50, .resNet50), resNet(101, .resNet101)]
    + vgg(11, .vgg11) + vgg(13, .vgg13) + vgg(16, .vgg16) + vgg(19, .vgg19)

  private static let goldens: [String: Tensor] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return (try? SafeTensors(contentsOf: folder.appending(path: "Goldens/torchvision.safetensors")).tensors()) ?? [:]
  }()

  private func golden(_ name: String) throws -> Tensor { try #require(Self.goldens[name], "no golden named \(name)") }

  /// The numbers of the golden script's function of the same name.
  private func filled(_ shape: Shape, seed: Int, spread: Double = 1) -> Tensor {
    let numbers = (0..<shape.elementCount).map { i -> Float in
      let number = (i * i * 31 + i * 17 + seed * 7919) % 10007
      let unit: Double = Double(number) / 10006 * 2 - 1
      return Float(unit * spread)
    }
    return Tensor(numbers, shape: shape)
  }

  private func fill(_ model: any StagedClassifier) throws {
    // PyTorch's order has a layer's parameters and its buffers together.
    var state = model.stateDictionary()
    let layers = model.namedModules().filter { !($0.module.children.count > 0) }.map(\.name)
    let names = layers.flatMap { layer in
      state.names.filter { $0.hasPrefix(layer + ".") && !$0.dropFirst(layer.count + 1).contains(".") }
    }
    #expect(names.count == state.names.count)
    for (seed, name) in names.enumerated() {
      let shape = try #require(state[name]).shape
      if shape.rank >= 2 {
        state[name] = filled(shape, seed: seed, spread: (6 / Double(shape.elementCount / shape[0])).squareRoot())
      } else if shape.rank == 1 {
        let isFactor = name.hasSuffix("running_var") || name.hasSuffix("weight")
        state[name] = filled(shape, seed: seed, spread: 0.25) + (isFactor ? 1 : 0)
      }
    }
    try model.load(stateDictionary: state)
  }

  private func difference(_ a: Tensor, _ b: Tensor) -> Double {
    let (a, b) = (a.detached().cast(to: .float64), b.cast(to: .float64))
    return a.shape == b.shape ? ((a - b).abs() / (b.abs() + b.abs().mean())).max().item() : .infinity
  }

  private func norms(_ tensors: [Tensor]) -> Tensor {
    Tensor.stacked(tensors.map { $0.cast(to: .float64).square().sum().sqrt() })
  }

  @Test("has its state dictionary, outputs and gradients", arguments: cases)
  func equal(_ example: Case) throws {
    let model = example.make()
    let state = model.stateDictionary()
    let keys = state.sorted { $0.name < $1.name }.map { "\($0.name) \($0.tensor.shape)" }.joined(separator: "\n")
    #expect(checksum(keys) == (try golden("\(example.name).keys").item(Int.self)))
    try fill(model)
    let size = try golden("\(example.name).size").item(Int.self)
    let small = filled([2, 3, size, size], seed: 1)
    model.evaluate()
    #expect(difference(model(small), try golden("\(example.name).y")) < 1e-3, "outputs in float32")
    model.cast(to: .float64)
    let x = small.cast(to: .float64)
    for mode in example.trains ? ["", ".train"] : [""] {
      if mode == "" { model.evaluate() } else { model.train() }
      model.zeroGradients()
      let y = model(x)
      y.backward(from: filled(y.shape, seed: 2).cast(to: .float64))
      let gradients = try model.parameters.map { try #require($0.gradient) }
      #expect(difference(y, try golden("\(example.name)\(mode).y")) < 1e-9, "outputs \(mode)")
      #expect(difference(norms(gradients), try golden("\(example.name)\(mode).norms")) < 1e-9, "gradients \(mode)")
      #expect(try model.outputShape(for: x.shape) == y.shape)
    }
    if example.trains {
      let buffers = norms(model.namedBuffers().map(\.buffer.value))
      #expect(difference(buffers, try golden("\(example.name).train.buffers")) < 1e-9)
    }
  }

  /// CRC-32, as zlib has it.
  private func checksum(_ text: String) -> Int {
    var table = (0..<256).map(UInt32.init)
    for index in table.indices {
      for _ in 0..<8 {
        let isOdd = table[index] & 1 == 1
        table[index] >>= 1
        if isOdd { table[index] ^= 0xEDB8_8320 }
      }
    }
    var sum = UInt32.max
    for byte in text.utf8 { sum = table[Int((sum ^ UInt32(byte)) & 255)] ^ (sum >> 8) }
    return Int(~sum)
  }

  @Test("has as many parameters", arguments: cases)
  func count(_ example: Case) throws {
    let model = example.make()
    // Classes and hidden units are fewer here.
    func affine(_ inputs: Int, _ outputs: Int) -> Int { (inputs + 1) * outputs }
    let missing =
      if let model = model as? ResNet {
        affine(model.fc.inputs, 1000) - affine(model.fc.inputs, 7)
      } else {
        affine(512 * 49, 4096) + affine(4096, 4096) + affine(4096, 1000)
          - affine(512 * 49, Self.hidden) - affine(Self.hidden, Self.hidden) - affine(Self.hidden, 7)
      }
    #expect(model.parameterCount + missing == (try golden("\(example.name).count").item(Int.self)))
  }

  @Test("is cut into stem, stages and head without a part missing", arguments: cases)
  func parts(_ example: Case) throws {
    let model = example.make()
    model.evaluate()
    let x = filled([1, 3, 64, 48], seed: 3)
    let features = model.features(x)
    #expect(features.shape == [1, model is ResNet ? features.shape[1] : 512, 2, model is ResNet ? 2 : 1])
    var y = features
    for layer in model.head { y = layer(y) }
    #expect((y .== model(x)).all().item(Bool.self))
    let stages = model.stageFeatures(x)
    #expect(stages.count == (model is ResNet ? 4 : 5))
    #expect((try #require(stages.last) .== features).all().item(Bool.self))
    let groups = model.parameterGroups
    #expect(groups.count == 6)
    #expect(Set(groups.joined().map(ObjectIdentifier.init)) == Set(model.parameters.map(ObjectIdentifier.init)))
    #expect(groups.joined().reduce(0) { $0 + $1.count } == model.parameterCount)
  }

  @Test("takes other channels and classes, and starts the same for the same seed")
  func variants() {
    func make(_ seed: UInt64) -> ResNet {
      ResNet(
        .init(blocks: [1, 1, 1, 1], hasBottlenecks: true), channels: 1, classes: 4, using: RandomGenerator(seed: seed))
    }
    let (a, b, c) = (make(1), make(1), make(2))
    a.evaluate()
    #expect(a(Tensor.ones([1, 1, 33, 40])).shape == [1, 4])
    for (p, q) in zip(a.parameters, b.parameters) { #expect((p.value .== q.value).all().item(Bool.self)) }
    #expect(!(a.conv1.weight.value .== c.conv1.weight.value).all().item(Bool.self))
    // √(2/fan out), with a fan out of 64·7·7.
    let deviation = a.conv1.weight.value.standardDeviation().item()
    #expect(abs(deviation / (2.0 / (64 * 49)).squareRoot() - 1) < 0.05)
  }

  @Test("keeps its head where a file of other classes is loaded, and does without counts of batches")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-weights-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "published.safetensors")
    let small = ResNet.Configuration(blocks: [1, 1, 1, 1], hasBottlenecks: false)
    let published = ResNet(small, classes: 9, using: RandomGenerator(seed: 1))
    let state = published.stateDictionary().dictionary.filter { !$0.key.hasSuffix("num_batches_tracked") }
    try SafeTensors.write(state, to: file)

    let same = ResNet(small, classes: 9, using: RandomGenerator(seed: 2))
    try same.loadWeights(from: file)
    for (p, q) in zip(same.parameters, published.parameters) { #expect((p.value .== q.value).all().item(Bool.self)) }

    let other = ResNet(small, classes: 4, using: RandomGenerator(seed: 2))
    let head = other.fc.weight.value.detached()
    let error = try #require(throws: StateDictionaryError.self) { try other.loadWeights(from: file) }
    #expect("\(error)".contains("fc.weight has shape [9, 512]; expected [4, 512]"))
    try other.loadWeights(from: file, skipping: ["fc"])
    #expect((other.fc.weight.value .== head).all().item(Bool.self))
    #expect((other.conv1.weight.value .== published.conv1.weight.value).all().item(Bool.self))
    #expect(throws: FileError.self) { try other.loadWeights(from: folder.appending(path: "absent.pt")) }
  }
}
