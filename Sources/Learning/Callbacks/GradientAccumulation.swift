import NeuralNetworks
import Optimizers
import TensorCore

/// Makes a step after every `count` batches, with the mean of their gradients: as if the batch were `count` times as large, in the memory of one.
/// At an epoch's end a step is made with what there is. Schedules go on with every batch. It comes before ``GradientClipping``.
///
/// Batch normalisation still sees the small batches.
///
/// ```swift
/// let set = TensorDataset(inputs: Tensor([[0.0], [1.0]]), targets: Tensor([0, 1]))
/// let learner = Learner(
///   Linear(1, 2, using: RandomGenerator(seed: 1)), DataLoaders(set, validation: set, batchSize: 1),
///   rule: SGD.Rule(learningRate: 1), callbacks: [GradientAccumulation(2)])
/// let other = Learner(
///   Linear(1, 2, using: RandomGenerator(seed: 1)), DataLoaders(set, validation: set, batchSize: 2),
///   rule: SGD.Rule(learningRate: 1))
/// for one in [learner, other] { try one.fit(epochs: 3, learningRate: 0.1) }
/// abs(try learner.validate()["loss"]! - other.validate()["loss"]!) < 1e-6  // → true
/// ```
public final class GradientAccumulation: Callback {
  public let count: Int
  /// Batches since the last step.
  private var waiting = 0
  /// Gradients of a checkpoint, until the fit begins.
  private var restored: [Int: Tensor]?
  private weak var learner: Learner?

  /// Stops unless the number is positive.
  public init(_ count: Int) {
    if count < 1 { stop("GradientAccumulation", "\(count) batches", fix: "use 1 or more") }
    self.count = count
  }

  public override func beforeFit(_ learner: Learner) {
    self.learner = learner
    guard let restored else {
      waiting = 0
      return
    }
    for (index, gradient) in restored { learner.optimizer.parameters[index].gradient = gradient }
    self.restored = nil
  }

  public override func afterLoss(_ learner: Learner) { learner.loss = learner.loss / Double(count) }

  public override func afterBackward(_ learner: Learner) throws {
    waiting += 1
    let isLast = learner.position.batch + 1 == learner.data.training.batchCount
    if waiting < count && !isLast { throw CancelBatch() }
    if waiting < count {
      for parameter in learner.optimizer.parameters {
        parameter.gradient = withoutGradients { parameter.gradient.map { $0 * (Double(count) / Double(waiting)) } }
      }
    }
    waiting = 0
  }

  public override func stateDictionary() -> StateDictionary {
    var state = StateDictionary()
    state.append("waiting", Tensor(waiting))
    if waiting > 0, let parameters = learner?.optimizer.parameters {
      for (index, parameter) in parameters.enumerated() {
        if let gradient = parameter.gradient { state.append("gradient.\(index)", gradient) }
      }
    }
    return state
  }

  public override func load(stateDictionary: StateDictionary) throws(StateDictionaryError) {
    guard let count = stateDictionary["waiting"], count.dtype.isInteger, count.count == 1 else {
      throw StateDictionaryError(target: name, problems: [.missing(name: "waiting", expected: [])])
    }
    waiting = count.item(Int.self)
    restored = [:]
    for (name, tensor) in stateDictionary where name.hasPrefix("gradient.") {
      if let index = Int(name.dropFirst("gradient.".count)) { restored?[index] = tensor }
    }
  }
}
