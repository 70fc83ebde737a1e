import TensorCore

/// Lowers the learning rate when a measure has not improved for a while: the one schedule that has to remember. It is a
/// value that can be encoded, so that a resumed run goes on as an uninterrupted one.
///
/// ```swift
/// var plateau = ReduceOnPlateau(1.0, patience: 1)
/// let losses = [1.0, 0.5, 0.5, 0.5, 0.5]
/// losses.map { plateau.update($0) }  // → [1.0, 1.0, 1.0, 0.1, 0.1]
/// ```
public struct ReduceOnPlateau: Sendable, Hashable, Codable {
  public enum Goal: String, Sendable, Hashable, Codable { case minimum, maximum }

  /// How much better counts as better.
  public enum Threshold: Sendable, Hashable, Codable {
    /// A share of the best.
    case relative(Double)
    case absolute(Double)
  }

  /// The learning rate to use now.
  public private(set) var learningRate: Double
  /// The best measure so far; nil before the first.
  public private(set) var best: Double?
  /// Measures since the best, less those of a pause.
  public private(set) var badUpdates = 0
  /// How long no bad measure will be counted.
  public private(set) var pauseLeft = 0

  public let goal: Goal
  public let factor: Double
  public let patience: Int
  public let threshold: Threshold
  public let pause: Int
  public let minimum: Double

  /// PyTorch's names for the last two are `cooldown` and `min_lr`.
  ///
  /// - Parameters:
  ///   - factor: The rate is multiplied by it, and is below 1.
  ///   - patience: This many measures in a row may be no better; the next one lowers the rate.
  ///   - pause: How many measures after a lowering count as neither good nor bad.
  ///   - minimum: The rate does not fall below it.
  public init(
    _ learningRate: Double, goal: Goal = .minimum, factor: Double = 0.1, patience: Int = 10,
    threshold: Threshold = .relative(1e-4), pause: Int = 0, minimum: Double = 0
  ) {
    guard learningRate >= 0, 0 <= factor, factor < 1, patience >= 0, pause >= 0 else {
      stop(
        "ReduceOnPlateau", "learning rate \(learningRate), factor \(factor), patience \(patience), pause \(pause)",
        fix: "use a factor below 1, and nothing below 0")
    }
    self.learningRate = learningRate
    self.goal = goal
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.pause = pause
    self.minimum = minimum
  }

  /// Takes in a measure, after an epoch say, and gives the rate to go on with.
  @discardableResult
  public mutating func update(_ measure: Double) -> Double {
    if isBetter(measure) {
      best = measure
      badUpdates = 0
    } else {
      badUpdates += 1
    }
    if pauseLeft > 0 {
      pauseLeft -= 1
      badUpdates = 0
    }
    if badUpdates > patience {
      let lower = max(learningRate * factor, minimum)
      // As in PyTorch: smaller changes are not worth making.
      if learningRate - lower > 1e-8 { learningRate = lower }
      pauseLeft = pause
      badUpdates = 0
    }
    return learningRate
  }

  private func isBetter(_ measure: Double) -> Bool {
    guard let best else { return !measure.isNaN }
    switch (goal, threshold) {
    case (.minimum, .relative(let share)): return measure < best * (1 - share)
    case (.minimum, .absolute(let amount)): return measure < best - amount
    case (.maximum, .relative(let share)): return measure > best * (1 + share)
    case (.maximum, .absolute(let amount)): return measure > best + amount
    }
  }
}
