import Optimizers
import TensorCore

/// Clips the gradients before each step: see `clipGradients`. After ``GradientAccumulation``, if there is one.
///
/// ```swift
/// let set = TensorDataset(inputs: Tensor([[0.0], [1.0]]), targets: Tensor([0, 1]))
/// let learner = Learner(
///   Linear(1, 2, using: RandomGenerator(seed: 1)), DataLoaders(set, validation: set, batchSize: 1),
///   rule: SGD.Rule(learningRate: 1), callbacks: [GradientClipping(.norm(0.1))])
/// try learner.fit(epochs: 3, learningRate: 0.1)
/// (learner.callbacks.last as? GradientClipping)?.lastNorm ?? 0 > 0.1  // → true
/// ```
public final class GradientClipping: Callback {
  public enum Limit: Sendable, Hashable {
    /// Of all gradients together.
    case norm(Double)
    /// Of each element.
    case value(Double)
  }

  public let limit: Limit
  /// The norm of the last step's gradients before they were clipped; nil for a limit of values.
  public private(set) var lastNorm: Double?

  public init(_ limit: Limit) { self.limit = limit }

  public override func afterBackward(_ learner: Learner) {
    let parameters = learner.optimizer.parameters
    switch limit {
    case .norm(let maximum): lastNorm = clipGradients(of: parameters, toNorm: maximum)
    case .value(let maximum): clipGradients(of: parameters, toValue: maximum)
    }
  }
}
