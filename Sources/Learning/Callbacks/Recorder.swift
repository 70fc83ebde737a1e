import NeuralNetworks
import TensorCore

/// Notes every step's loss and learning rate, also over a restart.
///
/// ```swift
/// let set = TensorDataset(inputs: Tensor([[0.0], [1.0]]), targets: Tensor([0, 1]))
/// let learner = Learner(
///   Linear(1, 2, using: RandomGenerator(seed: 1)), DataLoaders(set, validation: set, batchSize: 1),
///   rule: SGD.Rule(learningRate: 1), callbacks: [Recorder()])
/// try learner.fit(epochs: 3, learningRate: 0.1)
/// (learner.callbacks.last as? Recorder)?.losses.count ?? 0  // → 6
/// ```
public final class Recorder: Callback {
  /// The loss of each batch, before its step.
  public private(set) var losses: [Double] = []
  /// The learning rate of each step; of the last group, where groups have their own.
  public private(set) var learningRates: [Double] = []

  public override func afterLoss(_ learner: Learner) {
    losses.append(learner.lossValue)
    learningRates.append(learner.optimizer.rate(ofGroup: learner.optimizer.groupCount - 1))
  }

  public override func stateDictionary() -> StateDictionary {
    var state = StateDictionary()
    state.append("losses", Tensor(losses, shape: [losses.count], dtype: .float64))
    state.append("learning_rates", Tensor(learningRates, shape: [learningRates.count], dtype: .float64))
    return state
  }

  public override func load(stateDictionary: StateDictionary) throws(StateDictionaryError) {
    guard let losses = stateDictionary["losses"], let rates = stateDictionary["learning_rates"] else {
      throw StateDictionaryError(target: name, problems: [.missing(name: "losses", expected: [])])
    }
    self.losses = losses.scalars(as: Double.self)
    learningRates = rates.scalars(as: Double.self)
  }
}
