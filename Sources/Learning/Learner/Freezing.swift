import NeuralNetworks
import TensorCore

extension Learner {
  /// Keeps all groups of layers as they are but the last.
  public func freeze() { freeze(upTo: layerGroups.count - 1) }

  /// Lets all layers learn.
  public func unfreeze() { freeze(upTo: 0) }

  /// Keeps the first groups of layers as they are, and lets the others learn.
  ///
  /// - Parameter keepingNormalization: Whether batch normalisations in frozen groups learn on: their statistics follow the new data in training, and their
  ///   scales must go with them. fastai's default.
  ///
  /// Stops when there are fewer groups.
  ///
  /// ```swift
  /// let layers = Sequential([Linear(2, 2), Linear(2, 2)])
  /// let set = TensorDataset(inputs: Tensor([[0.0, 1.0]]), targets: Tensor([0]))
  /// let learner = Learner(
  ///   layers, DataLoaders(set, validation: set, batchSize: 1), layerGroups: (0..<2).map { layers[$0].parameters })
  /// learner.freeze()
  /// layers.parameters.map(\.requiresGradient)  // → [false, false, true, true]
  /// ```
  public func freeze(upTo count: Int, keepingNormalization: Bool = true) {
    guard (0...layerGroups.count).contains(count) else {
      stop(
        "freeze", "\(count) of \(layerGroups.count) groups of layers", fix: "use a number in 0...\(layerGroups.count)")
    }
    let kept = keepingNormalization ? normalizations : []
    for (index, group) in layerGroups.enumerated() {
      for parameter in group {
        parameter.requiresGradient = index >= count || kept.contains(ObjectIdentifier(parameter))
        if !parameter.requiresGradient { parameter.gradient = nil }
      }
    }
  }

  private var normalizations: Set<ObjectIdentifier> {
    let layers = model.namedModules().compactMap { $0.module as? BatchNorm }
    return Set(layers.flatMap(\.parameters).map { ObjectIdentifier($0) })
  }
}
