import Foundation
import Models
import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

/// Ten training steps from a start that `scripts/goldens/traces.py` makes in the same way.
@Suite("Ten training steps")
struct TraceTests {
  struct Trace: Sendable, CustomTestStringConvertible {
    let name: String
    let dtype: DType
    let model: @Sendable () -> any Layer
    let optimizer: @Sendable ([Parameter]) -> any Optimizer
    let x: @Sendable () -> Tensor
    let labels: [Int]
    var testDescription: String { "\(name) in \(dtype)" }
  }

  static let all: [Trace] = [DType.float64, .float32].flatMap { dtype in
    [
      Trace(
        name: "mlp", dtype: dtype,
        model: {
          Sequential {
            Linear(12, 16)
            ReLU()
            Linear(16, 8)
            Tanh()
            Linear(8, 4)
          }
        }, optimizer: { Adam($0, learningRate: 0.01) }, x: { wave(90, [8, 12]) }, labels: (0..<8).map { $0 % 4 }),
      Trace(
        name: "lenet", dtype: dtype, model: { LeNet() },
        optimizer: { SGD($0, learningRate: 0.02, momentum: 0.9, weightDecay: 1e-3) }, x: { wave(91, [4, 1, 28, 28]) },
        labels: [0, 2, 4, 6]),
      Trace(
        name: "resnet20", dtype: dtype, model: { ResNetCIFAR(blocks: 3) },
        optimizer: { SGD($0, learningRate: 0.02, momentum: 0.9, weightDecay: 1e-4) }, x: { wave(92, [4, 3, 16, 16]) },
        labels: [0, 3, 6, 9]),
    ]
  }

  /// sin(0.7·k + 1.3·number) for the k-th element.
  static func wave(_ number: Int, _ shape: Shape) -> Tensor {
    let values = (0..<shape.elementCount).map { k in sin(0.7 * Double(k) + 1.3 * Double(number)) }
    return Tensor(values, shape: shape, dtype: .float64)
  }

  /// Matrices and kernels 1.5·wave/√fan-in; vectors 0.1·wave, about 1 for the scales of a normalisation.
  private func start(_ model: any Layer) {
    for (number, (name, parameter)) in model.namedParameters().enumerated() {
      let shape = parameter.shape
      let values = Self.wave(number, shape)
      if shape.rank > 1 {
        parameter.value = values * (1.5 / Double(shape.elementCount / shape[0]).squareRoot())
      } else {
        parameter.value = values * 0.1 + (name.hasSuffix("weight") ? 1 : 0)
      }
    }
  }

  @Test("follow PyTorch's losses", arguments: all)
  func follows(_ trace: Trace) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let goldens = try SafeTensors(contentsOf: folder.appending(path: "Goldens/traces.safetensors")).tensors()
    let expected = try #require(goldens["\(trace.name).\(trace.dtype)"]).scalars(as: Double.self)
    let model = trace.model()
    model.cast(to: .float64)
    start(model)
    model.cast(to: trace.dtype)
    let optimizer = trace.optimizer(model.parameters)
    let (x, labels) = (trace.x().cast(to: trace.dtype), Tensor(trace.labels))
    for (step, wanted) in expected.enumerated() {
      optimizer.zeroGradients()
      let loss = crossEntropy(model(x), labels)
      loss.backward()
      optimizer.step()
      let error = abs(loss.item() - wanted) / abs(wanted)
      #expect(error < (trace.dtype == .float64 ? 1e-9 : 1e-4), "step \(step): \(loss.item()) instead of \(wanted)")
    }
    #expect(expected.count == 10)
  }
}
