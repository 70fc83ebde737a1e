import Foundation
import Models
import NeuralNetworks
import TensorCore
import TensorIO
import Testing

@Suite("A model")
struct ModelTests {
  struct Golden: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable () -> any Layer
    var testDescription: String { name }
  }

  static let goldens: [Golden] = [
    Golden(name: "mlp") { MLP(sizes: [12, 8, 6, 3], activation: Tanh()) },
    Golden(name: "lenet") { LeNet() },
    Golden(name: "lenet_small") { LeNet(pictureSize: 8) },
  ]

  private func tensors() throws -> [String: Tensor] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try SafeTensors(contentsOf: folder.appending(path: "Goldens/models.safetensors")).tensors()
  }

  private func group(_ prefix: String, of tensors: [String: Tensor]) -> [String: Tensor] {
    var group: [String: Tensor] = [:]
    for (name, tensor) in tensors where name.hasPrefix(prefix) { group[String(name.dropFirst(prefix.count))] = tensor }
    return group
  }

  /// Relative to the largest number: float32 sums in another order.
  private func difference(_ a: Tensor?, _ b: Tensor?) throws -> Double {
    let (a, b) = (try #require(a).detached(), try #require(b))
    guard a.shape == b.shape, a.dtype == b.dtype else { return .infinity }
    return (a - b).abs().max().item() / Swift.max(b.abs().max().item(), 1)
  }

  @Test("loads the state dictionary of PyTorch's, and computes the same with the same gradients", arguments: goldens)
  func equalsPyTorch(_ golden: Golden) throws {
    let tensors = try tensors()
    let model = golden.make()
    try model.load(stateDictionary: StateDictionary(group("\(golden.name).state.", of: tensors)))
    let expected = group("\(golden.name).0.", of: tensors)
    let x = try #require(expected["x"]).requiringGradient()
    let y = model(x)
    #expect(try difference(y, expected["y"]) < 1e-5)
    y.backward(from: expected["dy"])
    #expect(try difference(x.gradient, expected["dx"]) < 1e-5)
    var compared = 0
    for (name, parameter) in model.namedParameters() {
      guard let gradient = expected["gradient.\(name)"] else { continue }
      #expect(try difference(parameter.gradient, gradient) < 1e-5, "gradient of \(name)")
      compared += 1
    }
    #expect(compared >= 6)
    #expect(try model.outputShape(for: x.shape) == y.shape)
  }

  @Test("starts the same for the same seed", arguments: [1, 2] as [UInt64])
  func seeded(_ seed: UInt64) {
    let (a, b) = (LeNet(using: RandomGenerator(seed: seed)), LeNet(using: RandomGenerator(seed: seed)))
    for (p, q) in zip(a.parameters, b.parameters) { #expect((p.value .== q.value).all().item(Bool.self)) }
    let other = LeNet(using: RandomGenerator(seed: seed + 1))
    #expect(!(a.fc1.weight.value .== other.fc1.weight.value).all().item(Bool.self))
  }

  @Test("of LeCun's has the size that is known: 61,706 parameters for 28×28 pictures")
  func leNetSize() {
    let summary = LeNet().summary(inputShape: [1, 1, 28, 28])
    #expect(summary.parameterCount == 61_706)
    #expect(
      summary.rows.map(\.path).filter { $0.hasPrefix("conv") || $0.hasPrefix("fc") } == [
        "conv1", "conv2", "fc1", "fc2", "fc3",
      ])
    #expect(summary.rows.last?.outputShape == [1, 10])
  }

  @Test("of LeCun's takes colours, other sizes and the parts of 1998")
  func leNetVariants() {
    let model = LeNet(channels: 3, pictureSize: [32, 40], classes: 7, activation: Tanh(), pool: AvgPool2d(kernel: 2))
    #expect(model(Tensor.zeros([2, 3, 32, 40])).shape == [2, 7])
    #expect(model.fc1.inputs == 16 * 6 * 8)
  }

  @Test("of LeCun's stops for pictures that it can't see")
  func leNetTooSmall() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LeNet(pictureSize: 2)
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("MaxPool2d") && message.contains("[1, 16, 1, 1]"), "\(message)")
  }

  @Test("of several layers flattens its input, and stops without sizes")
  func mlp() async {
    let model = MLP(sizes: [6, 4, 2])
    #expect(model(Tensor.zeros([5, 2, 3])).shape == [5, 2])
    #expect(model(Tensor.zeros([0, 6])).shape == [0, 2])
    #expect(model.parameterCount == 6 * 4 + 4 + 4 * 2 + 2)
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = MLP(sizes: [3]) }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("MLP: sizes [3]"), "\(message)")
  }
}
