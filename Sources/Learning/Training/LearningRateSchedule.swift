import Foundation

/// The learning rate as a function of the step, counted from 0 over the whole training.
///
/// ```swift
/// let schedule = LearningRateSchedule.cosine(peak: 0.1, warmUp: 10, steps: 110)
/// schedule.learningRate(at: 0)  // → 0.01
/// schedule.learningRate(at: 9)  // → 0.1
/// schedule.learningRate(at: 110)  // → 0.0
/// ```
public enum LearningRateSchedule: Sendable, Hashable, Codable {
  /// The same at every step.
  case constant(Double)

  /// Up in a straight line, then down along half a cosine (Loshchilov & Hutter, "SGDR", 2017; warm-up after Goyal et
  /// al., 2017). With peak η, `warmUp` steps w and n `steps` in all: η·(t + 1)/w for t < w, then η·(1 + cos(π·(t −
  /// w)/(n − w)))/2, and 0 from step n on.
  case cosine(peak: Double, warmUp: Int, steps: Int)

  /// The rate to use for step t ≥ 0.
  public func learningRate(at step: Int) -> Double {
    switch self {
    case .constant(let rate):
      return rate
    case .cosine(let peak, let warmUp, let steps):
      if step >= steps { return 0 }
      if step < warmUp { return peak * Double(step + 1) / Double(warmUp) }
      return peak * (1 + cos(.pi * Double(step - warmUp) / Double(steps - warmUp))) / 2
    }
  }
}
