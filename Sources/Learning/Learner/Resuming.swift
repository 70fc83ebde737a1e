import NeuralNetworks
import Optimizers
import TensorCore

extension Learner {
  /// All that another learner of the same kind needs to go on from here.
  public var checkpoint: Checkpoint {
    Checkpoint(
      model: model.stateDictionary(), optimizer: optimizer.stateDictionary(), position: position,
      callbacks: Dictionary(uniqueKeysWithValues: states.map { ($0.key, $0.callback.stateDictionary()) }),
      generators: generators.mapValues(\.state))
  }

  /// Goes back to a checkpoint of a learner that was made in the same way. The fits that it had behind it are passed over when they are
  /// called, the one at work goes on where it was.
  ///
  /// Stops when a fit was begun before.
  ///
  /// - Throws: ``StateDictionaryError`` when it is one of another model, optimiser, or callbacks. Nothing is changed then.
  public func restore(_ checkpoint: Checkpoint) throws(StateDictionaryError) {
    if fits > 0 { stop("restore", "\(fits) fits have been begun", fix: "restore a new learner, before its first fit") }
    let before = self.checkpoint
    do throws(StateDictionaryError) {
      try load(checkpoint)
    } catch {
      // What fitted a moment ago fits again.
      try load(before)
      throw error
    }
    position = checkpoint.position
    isRestored = true
  }

  func load(_ checkpoint: Checkpoint) throws(StateDictionaryError) {
    try model.load(stateDictionary: checkpoint.model)
    try optimizer.load(stateDictionary: checkpoint.optimizer)
    for (key, callback) in states {
      try callback.load(stateDictionary: checkpoint.callbacks[key] ?? StateDictionary())
    }
    for (name, generator) in generators {
      if let state = checkpoint.generators[name] { generator.state = state }
    }
  }

  /// The callbacks by name; several of one name are numbered.
  private var states: [(key: String, callback: Callback)] {
    var counts: [String: Int] = [:]
    return callbacks.map { callback in
      let number = counts[callback.name, default: 0]
      counts[callback.name] = number + 1
      return (number == 0 ? callback.name : "\(callback.name)-\(number)", callback)
    }
  }
}
