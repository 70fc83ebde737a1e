import Foundation
import NeuralNetworks
import TensorCore
import TensorIO
import Testing

@Suite("A model loaded from a PyTorch checkpoint")
struct PyTorchCheckpointTests {
  private func golden(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Goldens/tensorio/\(name)")
  }

  @Test("gives the outputs that it gave in PyTorch", arguments: ["model.pt", "checkpoint.pt"])
  func outputs(name: String) throws {
    let model = Sequential {
      Conv2d(1, 3, kernel: 3, padding: 1)
      BatchNorm2d(3)
      ReLU()
      Flatten()
      Linear(48, 5)
    }
    let file = try PyTorchCheckpoint(contentsOf: golden(name))
    let state = try name == "checkpoint.pt" ? file["model"].tensors() : file.tensors()
    try model.load(stateDictionary: StateDictionary(state))
    model.evaluate()
    let expected = try SafeTensors(contentsOf: golden("model.safetensors"))
    #expect(try difference(model(expected["x"]), expected["y"]) < 1e-6)
  }
}
