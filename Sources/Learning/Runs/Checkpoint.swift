import DataPipelines
import Foundation
import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO

/// All that a training needs to go on bit for bit: weights, the optimiser's state, the position, random generators.
///
/// In a file it is safetensors: the tensors' names begin with `model.`, `optimizer.` and `callbacks.`, so that `model.…` are
/// PyTorch's names; position and generators stand as JSON in the metadata, and with them the SHA-256 of the tensors.
public struct Checkpoint: Sendable {
  /// The model's parameters and buffers.
  public var model: StateDictionary
  /// The optimiser's state.
  public var optimizer: StateDictionary
  public var position: TrainingPosition
  /// The callbacks' states, by name.
  public var callbacks: [String: StateDictionary]
  /// The states of the generators that training draws from, by name.
  public var generators: [String: RandomGenerator.State]

  public init(
    model: StateDictionary, optimizer: StateDictionary, position: TrainingPosition,
    callbacks: [String: StateDictionary] = [:], generators: [String: RandomGenerator.State] = [:]
  ) {
    self.model = model
    self.optimizer = optimizer
    self.position = position
    self.callbacks = callbacks
    self.generators = generators
  }

  /// Writes the file, whole or not at all.
  public func write(to url: URL) throws(FileError) {
    var tensors: [String: Tensor] = [:]
    for (name, tensor) in model { tensors["model." + name] = tensor }
    for (name, tensor) in optimizer { tensors["optimizer." + name] = tensor }
    for (callback, state) in callbacks {
      for (name, tensor) in state { tensors["callbacks.\(callback).\(name)"] = tensor }
    }
    let metadata = [
      "format": "glassbox checkpoint 2",
      "position": try JSONFile.line(position, for: url),
      "callbacks": try JSONFile.line(callbacks.keys.sorted(), for: url),
      "generators": try JSONFile.line(generators, for: url),
      "sha256": StateDictionary(tensors).fingerprint,
    ]
    try SafeTensors.write(tensors, metadata: metadata, to: url)
  }

  /// Reads such a file.
  ///
  /// - Throws: ``FileError`` when it can't be read, is cut short, or one of its bits has changed.
  public init(contentsOf url: URL) throws(FileError) {
    let path = url.path(percentEncoded: false)
    let file = try SafeTensors(contentsOf: url)
    let tensors = try file.tensors()
    guard let format = file.metadata["format"], let position = file.metadata["position"],
      let callbacks = file.metadata["callbacks"], let generators = file.metadata["generators"],
      let hash = file.metadata["sha256"]
    else {
      throw .contents(file: path, key: nil, expected: "a checkpoint of a training", found: "other tensors")
    }
    guard format == "glassbox checkpoint 2" else {
      throw .contents(file: path, key: "format", expected: "glassbox checkpoint 2", found: format)
    }
    let found = StateDictionary(tensors).fingerprint
    guard found == hash else {
      throw .contents(file: path, key: nil, expected: "tensors with the SHA-256 \(hash)", found: found)
    }
    self.position = try JSONFile.decoded(TrainingPosition.self, Data(position.utf8), url, key: "position")
    self.generators = try JSONFile.decoded(
      [String: RandomGenerator.State].self, Data(generators.utf8), url, key: "generators")
    self.callbacks = [:]
    for name in try JSONFile.decoded([String].self, Data(callbacks.utf8), url, key: "callbacks") {
      self.callbacks[name] = StateDictionary(tensors.removing(prefix: "callbacks.\(name)."))
    }
    model = StateDictionary(tensors.removing(prefix: "model."))
    optimizer = StateDictionary(tensors.removing(prefix: "optimizer."))
  }
}

extension [String: Tensor] {
  /// Those whose names begin so, without that beginning.
  fileprivate func removing(prefix: String) -> [String: Tensor] {
    reduce(into: [:]) { part, entry in
      if entry.key.hasPrefix(prefix) { part[String(entry.key.dropFirst(prefix.count))] = entry.value }
    }
  }
}

extension StateDictionary {
  /// The SHA-256 of all names, dtypes, shapes and bits, whatever the order: equal for two trainings that went the same
  /// way.
  ///
  /// ```swift
  /// let (first, second) = (Linear(3, 2).stateDictionary(), Linear(3, 2).stateDictionary())
  /// first.fingerprint.count  // → 64
  /// first.fingerprint == second.fingerprint  // → false
  /// ```
  public var fingerprint: String {
    let hash = SHA256()
    for (name, tensor) in sorted(by: { $0.name < $1.name }) {
      hash.update(Array("\(name) \(tensor.dtype) \(tensor.shape)\n".utf8))
      tensor.withUnsafeBytes { hash.update($0) }
    }
    return hash.finish()
  }
}
