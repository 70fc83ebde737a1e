import Foundation
import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

/// The model of scripts/goldens/trace_lstm.py.
private final class CharacterModel: Module {
  let embedding = Parameter(Tensor.zeros([11, 8]))
  let lstm = LSTM(8, 20, layers: 2)
  let output = Linear(20, 11)

  /// Characters [time, batch] → logits [time, batch, characters].
  func callAsFunction(_ characters: Tensor) -> Tensor {
    let vectors = embedding.value.indexSelected(axis: 0, indices: characters.flattened())
    return output(lstm(vectors.reshaped(Shape(characters.shape.dimensions + [8]))).outputs)
  }

  /// The k-th weight of all is sin(1.7·k + 0.3)/4.
  func setWeights(_ dtype: DType) {
    cast(to: dtype)
    var k = 0
    for parameter in parameters {
      let positions = Tensor.range(Double(k), Double(k + parameter.count), dtype: .float64)
      parameter.value = ((positions * 1.7 + 0.3).sin() / 4).reshaped(parameter.shape).cast(to: dtype)
      k += parameter.count
    }
  }
}

@Suite("Ten training steps of a character model")
struct CharacterModelTests {
  private static let (time, batch) = (12, 6)

  /// [time + 1, batch]
  private func text(_ step: Int) -> Tensor {
    let characters = (0...Self.time).flatMap { t in (0..<Self.batch).map { b in (3 * t + b * b + step) % 11 } }
    return Tensor(characters, shape: [Self.time + 1, Self.batch])
  }

  private func losses(_ dtype: DType) -> [Double] {
    let model = CharacterModel()
    model.setWeights(dtype)
    let optimizer = Adam(model.parameters, learningRate: 0.03)
    return (0..<10).map { step in
      let text = text(step)
      optimizer.zeroGradients()
      let logits = model(text[..<Self.time]).reshaped([-1, 11])
      let loss = crossEntropy(logits, text[1...].flattened())
      loss.backward()
      optimizer.step()
      return loss.item()
    }
  }

  @Test(
    "have PyTorch's losses, with two layers of LSTM and Adam", arguments: [(DType.float64, 1e-9), (.float32, 1e-4)])
  func trace(_ dtype: DType, _ tolerance: Double) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let goldens = try SafeTensors(contentsOf: folder.appending(path: "Goldens/trace_lstm.safetensors")).tensors()
    let expected = try #require(goldens["\(dtype)"]).scalars(as: Double.self)
    let found = losses(dtype)
    #expect(expected.count == 10 && expected[9] < expected[0] - 0.5)
    for (step, (x, y)) in zip(found, expected).enumerated() {
      #expect(abs(x - y) <= tolerance * y, "step \(step): \(x) instead of \(y)")
    }
  }
}
