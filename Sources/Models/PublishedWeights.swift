import Foundation
import NeuralNetworks
import TensorCore
import TensorIO

extension Module {
  /// Takes the weights of a file: a state dictionary that PyTorch saved (`.pt`, `.pth`), as torchvision publishes them, or one in `.safetensors`.
  ///
  /// Files from before batch normalisation counted its batches have no `num_batches_tracked`; these counts then stay as they are. Paths that begin
  /// with one of `skipped` keep the values that they have, whatever the file says of them: the head, where there are other classes.
  ///
  /// ```swift
  /// func flowers(_ weights: URL) throws -> ResNet {
  ///   let model = ResNet(.resNet50, classes: 102)
  ///   try model.loadWeights(from: weights, skipping: ["fc"])
  ///   return model
  /// }
  /// ```
  ///
  /// - Throws: ``FileError`` for a file that can't be read or holds something else (one of PyTorch's before 1.6: load it there and save it again);
  ///   ``StateDictionaryError`` with every name that is missing, unexpected or of another shape. Nothing was loaded then.
  public func loadWeights(from file: URL, skipping skipped: [String] = []) throws {
    let isSafe = file.pathExtension == "safetensors"
    var state = StateDictionary(
      isSafe ? try SafeTensors(contentsOf: file).tensors() : try PyTorchCheckpoint(contentsOf: file).tensors())
    func isSkipped(_ name: String) -> Bool { skipped.contains { name == $0 || name.hasPrefix($0 + ".") } }
    for name in state.names where isSkipped(name) { state[name] = nil }
    for (name, tensor) in stateDictionary() where state[name] == nil {
      if isSkipped(name) || name.hasSuffix("num_batches_tracked") { state[name] = tensor }
    }
    try load(stateDictionary: state)
  }
}
