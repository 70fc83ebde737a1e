import Foundation
import Optimizers
import TensorCore

extension Learner {
  /// Trains for so many epochs at one learning rate.
  ///
  /// - Throws: See ``fit(_:)``.
  ///
  /// ```swift
  /// let set = TensorDataset(inputs: Tensor([[0.0], [1.0]]), targets: Tensor([0, 1]))
  /// let data = DataLoaders(set, validation: set, batchSize: 2)
  /// let model = Linear(1, 2, using: RandomGenerator(seed: 1))
  /// let learner = Learner(model, data, rule: SGD.Rule(learningRate: 1), metrics: [Accuracy()])
  /// try learner.fit(epochs: 50, learningRate: 1)
  /// learner.history.last?.validation["accuracy"] == 1  // → true
  /// ```
  public func fit(epochs: Int, learningRate: Double) throws {
    try fit(FitPlan(epochs: epochs, schedule: .constant(learningRate)))
  }

  /// Trains with a schedule of its own: of the fit's steps, counted from 0.
  ///
  /// - Throws: See ``fit(_:)``.
  public func fit(epochs: Int, schedule: Schedule) throws {
    try fit(FitPlan(epochs: epochs, schedule: schedule))
  }

  /// Trains along one cycle: the learning rate goes up to its highest in the share `rise` of the steps, and down along a cosine to almost nothing, while
  /// the momentum (or Adam's β₁) goes the other way round, from its upper bound to the lower and back (Smith & Topin, "Super-convergence", 2018).
  ///
  /// - Parameters:
  ///   - learningRate: The highest, of the last group of layers.
  ///   - rise: The share of the steps on the way up.
  ///   - divisor: The first rate is the highest divided by it.
  ///   - momentum: nil leaves it as it is.
  ///   - rateFactors: Each group's rate as a multiple; nil leaves the optimiser's proportions. See ``rateFactors(ratio:)``.
  /// - Throws: See ``fit(_:)``.
  public func fitOneCycle(
    epochs: Int, learningRate: Double, rise: Double = 0.25, divisor: Double = 25,
    momentum: ClosedRange<Double>? = 0.85...0.95, rateFactors: [Double]? = nil
  ) throws {
    let steps = max(epochs * data.training.batchCount, 1)
    let schedule = Schedule.oneCycle(
      peak: learningRate, steps: steps, rise: rise, divisor: divisor, finalDivisor: 1e4)
    try fit(
      FitPlan(
        epochs: epochs, schedule: schedule, rateFactors: rateFactors,
        momentum: momentum.map { .cycle(in: $0, steps: steps, rise: rise) }))
  }

  /// Adapts a model that was trained on other data: first the last group of layers alone, then all, the earlier ones the more slowly (Howard & Ruder,
  /// "Universal language model fine-tuning", 2018, §3.2; the steps and their constants are those of fastai's `fine_tune`).
  ///
  /// - Parameters:
  ///   - epochs: With all layers, at half the rate.
  ///   - frozenEpochs: Before that, with the last group alone.
  ///   - ratio: The last group's rate in units of the first's.
  /// - Throws: See ``fit(_:)``.
  public func fineTune(
    epochs: Int, learningRate: Double = 2e-3, frozenEpochs: Int = 1, ratio: Double = 100
  ) throws {
    freeze()
    try fitOneCycle(epochs: frozenEpochs, learningRate: learningRate, rise: 0.99)
    unfreeze()
    try fitOneCycle(
      epochs: epochs, learningRate: learningRate / 2, rise: 0.3, divisor: 5,
      // One group of the optimiser has one rate.
      rateFactors: optimizer.groupCount > 1 ? rateFactors(ratio: ratio) : nil)
  }

  /// Factors for the groups of layers that rise by the same factor from one to the next, up to 1: the last learns `ratio` times as fast as the first.
  ///
  /// ```swift
  /// let layers = Sequential([Linear(2, 2), Linear(2, 2), Linear(2, 2)])
  /// let set = TensorDataset(inputs: Tensor([[0.0, 1.0]]), targets: Tensor([0]))
  /// let learner = Learner(
  ///   layers, DataLoaders(set, validation: set, batchSize: 1), layerGroups: (0..<3).map { layers[$0].parameters })
  /// learner.rateFactors(ratio: 100)  // → [0.01, 0.1, 1.0]
  /// ```
  public func rateFactors(ratio: Double) -> [Double] {
    let count = layerGroups.count
    if count == 1 { return [1] }
    return (0..<count).map { $0 == count - 1 ? 1 : pow(ratio, Double($0) / Double(count - 1) - 1) }
  }
}

extension Schedule {
  /// From the upper bound down to the lower and back, as a one-cycle rate goes up and down.
  fileprivate static func cycle(in range: ClosedRange<Double>, steps: Int, rise: Double) -> Schedule {
    let down = max(Int(rise * Double(steps)), 1)
    let up = max(steps - down, 1)
    // A cosine goes up again after its n steps, as far as it has come down.
    return .sequence(
      .cosine(range.upperBound, steps: down, minimum: range.lowerBound), steps: down,
      then: .sequence(
        .cosine(range.lowerBound, steps: up, minimum: range.upperBound), steps: up, then: .constant(range.upperBound)))
  }
}
