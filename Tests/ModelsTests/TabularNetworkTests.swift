import Foundation
import Models
import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

@Suite("A network for tables")
struct TabularNetworkTests {
  struct Golden: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable () -> TabularNetwork
    var testDescription: String { name }
  }

  static let goldens = [
    Golden(name: "both") { TabularNetwork(numbers: 3, categories: [9, 4], outputs: 2, hidden: [8, 6]) },
    Golden(name: "numbers") {
      TabularNetwork(numbers: 4, categories: [], outputs: 1, hidden: [5], outputRange: -1...3)
    },
    Golden(name: "categories") { TabularNetwork(numbers: 0, categories: [5, 30], outputs: 3, hidden: []) },
  ]

  private func difference(_ a: Tensor?, _ b: Tensor?) throws -> Double {
    let (a, b) = (try #require(a).detached(), try #require(b))
    guard a.shape == b.shape, a.dtype == b.dtype else { return .infinity }
    return (a - b).abs().max().item() / Swift.max(b.abs().max().item(), 1)
  }

  @Test(
    "loads the state dictionary of fastai's form, and computes the same with the same gradients", arguments: goldens)
  func equalsPyTorch(_ golden: Golden) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let tensors = try SafeTensors(contentsOf: folder.appending(path: "Goldens/tabular_network.safetensors")).tensors()
    func group(_ prefix: String) -> [String: Tensor] {
      let prefix = "\(golden.name).\(prefix)"
      let chosen = tensors.filter { $0.key.hasPrefix(prefix) }
      return Dictionary(uniqueKeysWithValues: chosen.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
    }
    let given = group("")
    let model = golden.make()
    try model.load(stateDictionary: StateDictionary(group("state.")))
    let (numbers, categories) = (try #require(given["numbers"]), try #require(given["categories"]))
    let x = Tensor.concatenated([numbers, categories.cast(to: .float32)], axis: 1).requiringGradient()
    let y = model(x)
    #expect(try difference(y, given["y"]) < 1e-5)
    #expect(try model.outputShape(for: x.shape) == y.shape)
    y.backward(from: given["dy"])
    if let expected = given["dnumbers"] {
      #expect(try difference(x.gradient?[.all, .slice(to: numbers.shape[1])], expected) < 1e-5)
    }
    let gradients = group("gradient.")
    #expect(Set(gradients.keys) == Set(model.namedParameters().map(\.name)))
    for (name, parameter) in model.namedParameters() {
      #expect(try difference(parameter.gradient, gradients[name]) < 1e-5, "gradient of \(name)")
    }
    let state = model.stateDictionary()
    for (name, expected) in group("after.") { #expect(try difference(state[name], expected) < 1e-5, "\(name)") }
  }

  @Test("gives its categories fastai's widths")
  func widths() {
    // fastai.tabular.model.emb_sz_rule, for the sizes of Adult's columns among others.
    let expected = [1: 2, 2: 2, 3: 3, 7: 5, 8: 5, 10: 6, 16: 8, 17: 8, 43: 13, 120: 23, 50_000: 600]
    for (size, width) in expected { #expect(TabularNetwork.width(ofSize: size) == width, "\(size)") }
  }

  @Test("learns a few rows by heart")
  func overfits() {
    let generator = RandomGenerator(seed: 4)
    let model = TabularNetwork(
      numbers: 2, categories: [5, 3], outputs: 3, hidden: [32, 16], dropout: 0.05, embeddingDropout: 0.05,
      using: generator)
    let numbers = Tensor.normal([12, 2], using: generator)
    let rows: [[Float]] = (0..<12).map { row in [Float(row % 5), Float(row * 2 % 3)] }
    let categories = Tensor(rows)
    let x = Tensor.concatenated([numbers, categories], axis: 1)
    let labels = Tensor((0..<12).map { (row: Int) -> Int in (row * row + row / 4) % 3 })
    let optimizer = Adam(model.parameters, learningRate: 0.02)
    for _ in 0..<150 {
      optimizer.zeroGradients()
      crossEntropy(model(x), labels).backward()
      optimizer.step()
    }
    model.evaluate()
    #expect((model(x).argmax(axis: 1) .== labels).all().item(Bool.self))
  }

  @Test("stops for rows of another length, and for indices beyond its categories")
  func mistakes() async {
    let columns = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TabularNetwork(numbers: 2, categories: [3], outputs: 1)(Tensor.zeros([4, 2]))
    }
    let message = String(decoding: columns?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("TabularNetwork: x is [4, 2]"), "\(message)")
    let index = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TabularNetwork(numbers: 1, categories: [3], outputs: 1)(Tensor([[0.0, 3.0], [0.0, 0.0]]))
    }
    #expect(!(index?.standardErrorContent.isEmpty ?? true))
  }
}
