import Optimizers
import TensorCore

/// Sets a hyperparameter of the optimiser, such as `weight_decay`, or any other number, before each batch by a schedule of the training's steps, counted from
/// 0 over all fits.
///
/// ```swift
/// let callbacks: [Callback] = [
///   ScheduledParameter("weight_decay", .cosine(0.1, steps: 1000)),
///   ScheduledParameter("dropout", .constant(0.2)) { _, value in print("a number of your own: \(value)") },
/// ]
/// callbacks.map(\.name)  // → ["ScheduledParameter weight_decay", "ScheduledParameter dropout"]
/// ```
public final class ScheduledParameter: Callback {
  public let parameter: String
  public let schedule: Schedule
  private let set: (Learner, Double) -> Void

  public override var name: String { "ScheduledParameter \(parameter)" }

  /// A hyperparameter of all groups. The training stops when the optimiser has none of that name.
  public convenience init(_ parameter: String, _ schedule: Schedule) {
    self.init(parameter, schedule) { learner, value in
      for group in 0..<learner.optimizer.groupCount {
        learner.optimizer.setHyperparameter(parameter, to: value, ofGroup: group)
      }
    }
  }

  /// A number of your own.
  public init(_ parameter: String, _ schedule: Schedule, set: @escaping (Learner, Double) -> Void) {
    self.parameter = parameter
    self.schedule = schedule
    self.set = set
  }

  public override func beforeBatch(_ learner: Learner) { set(learner, schedule(learner.position.step)) }
}
