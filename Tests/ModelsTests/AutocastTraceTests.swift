import Foundation
import Models
import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

/// Ten steps of Adam under `withAutocast`, from a start that `scripts/goldens/autocast.py` makes in the same way.
@Suite("Ten training steps under autocast")
struct AutocastTraceTests {
  /// The fraction of 43758.5453·sin(12.9898·k + 78.233·number), spread evenly over −1…1.
  private func noise(_ number: Int, _ shape: Shape) -> Tensor {
    let values = (0..<shape.elementCount).map { k in
      let x = 43758.5453 * sin(12.9898 * Double(k) + 78.233 * Double(number))
      return 2 * (x - x.rounded(.down)) - 1
    }
    return Tensor(values, shape: shape, dtype: .float64)
  }

  /// Weights uniform within ±√(3/fan-in), biases within ±0.1.
  private func start(_ model: any Layer) {
    for (number, parameter) in model.parameters.enumerated() {
      let shape = parameter.shape
      let width = shape.rank > 1 ? (3 / Double(shape.elementCount / shape[0])).squareRoot() : 0.1
      parameter.value = (noise(number, shape) * width).cast(to: .float32)
    }
  }

  private func follow(_ name: String, _ model: any Layer, _ x: Tensor, classes: Int, within tolerance: Double) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let goldens = try SafeTensors(contentsOf: folder.appending(path: "Goldens/autocast.safetensors")).tensors()
    let expected = try #require(goldens["\(name)/losses"]).scalars(as: Double.self)
    let exact = try #require(goldens["\(name)/losses in float32"]).scalars(as: Double.self)
    start(model)
    let optimizer = Adam(model.parameters, learningRate: 0.001)
    let (x, labels) = (x.cast(to: .float32), Tensor((0..<x.shape[0]).map { $0 % classes }))
    for (step, wanted) in expected.enumerated() {
      optimizer.zeroGradients()
      let loss = withAutocast(to: .bfloat16) {
        let logits = model(x)
        #expect(logits.dtype == .bfloat16)
        return crossEntropy(logits, labels)
      }
      loss.backward()
      #expect(model.parameters.allSatisfy { $0.gradient?.dtype == .float32 })
      optimizer.step()
      let error = abs(loss.item() - wanted) / wanted
      #expect(error < tolerance, "step \(step): \(loss.item()) instead of \(wanted)")
      #expect(abs(loss.item() - exact[step]) / exact[step] < 2 * tolerance)
    }
    #expect(model.parameters.allSatisfy { $0.dtype == .float32 } && expected.count == 10)
  }

  @Test("follow PyTorch's losses within 0.1 %: MLP")
  func mlp() throws {
    try follow("mlp", MLP(sizes: [48, 64, 32, 4]), noise(90, [32, 48]), classes: 4, within: 1e-3)
  }

  @Test("follow PyTorch's losses within 1 %: LeNet")
  func lenet() throws {
    try follow("lenet", LeNet(), noise(91, [16, 1, 28, 28]), classes: 10, within: 1e-2)
  }
}
