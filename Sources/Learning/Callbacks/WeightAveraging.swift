import NeuralNetworks
import Optimizers
import TensorCore

/// Keeps an average of the weights over the steps (`AveragedWeights`), validates with it, and leaves it in the model at the fit's end.
///
/// ```swift
/// let averaging = WeightAveraging(decay: 0.99)
/// averaging.kind == .exponential(decay: 0.99, warmUp: true)  // → true
/// ```
public final class WeightAveraging: Callback {
  public let kind: AveragedWeights.Kind
  private var average: AveragedWeights?
  /// A checkpoint's state, until the fit begins.
  private var restored: StateDictionary?

  /// An exponential mean, with a faster one at first.
  public convenience init(decay: Double = 0.999) { self.init(.exponential(decay: decay, warmUp: true)) }

  public init(_ kind: AveragedWeights.Kind) { self.kind = kind }

  public override func beforeFit(_ learner: Learner) throws {
    let average = AveragedWeights(of: learner.optimizer.parameters, kind)
    if let restored { try average.load(stateDictionary: restored) }
    restored = nil
    self.average = average
  }

  public override func afterStep(_ learner: Learner) { average?.update() }

  public override func aroundValidation(_ learner: Learner, _ body: () throws -> Void) throws {
    guard let average else { return try body() }
    try average.applied(body)
  }

  public override func afterFit(_ learner: Learner) {
    average?.apply()
    average = nil
  }

  public override func stateDictionary() -> StateDictionary { average?.stateDictionary() ?? StateDictionary() }

  public override func load(stateDictionary: StateDictionary) {
    restored = stateDictionary.isEmpty ? nil : stateDictionary
  }
}
