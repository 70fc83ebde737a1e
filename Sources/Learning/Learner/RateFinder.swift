import DataPipelines
import Foundation
import Optimizers
import TensorCore

/// How the loss of a batch went while the learning rate rose.
public struct RateFinding: Sendable, Hashable, CustomStringConvertible {
  public var rates: [Double]
  /// Smoothed: an exponential mean of the batches' losses, corrected for its beginning.
  public var losses: [Double]

  public init(rates: [Double], losses: [Double]) {
    self.rates = rates
    self.losses = losses
  }

  /// The middle, along log(rate), of the longest stretch over which the loss falls: a good first try for the highest rate of a fit. nil when it
  /// never fell.
  ///
  /// The stretch is the longest falling subsequence, so that single batches do not cut it.
  public var valley: Double? {
    // The length of the longest falling subsequence that ends at each place, and where it begins.
    var lengths = [Int](repeating: 1, count: losses.count)
    var starts = Array(losses.indices)
    for end in losses.indices {
      for place in 0..<end where losses[place] > losses[end] && lengths[place] + 1 > lengths[end] {
        lengths[end] = lengths[place] + 1
        starts[end] = starts[place]
      }
    }
    guard let end = lengths.indices.max(by: { lengths[$0] < lengths[$1] }), lengths[end] > 1 else { return nil }
    return rates[(starts[end] + end) / 2]
  }

  /// The rate at which the loss fell fastest along log(rate), before its lowest point and after the first tenth, in which the mean is of a few
  /// batches; nil when it never fell.
  public var steepest: Double? {
    guard let lowest = losses.indices.min(by: { losses[$0] < losses[$1] }) else { return nil }
    let places = max(1, losses.count / 10)..<max(1, losses.count / 10, lowest)
    func slope(_ place: Int) -> Double { losses[place + 1] - losses[place - 1] }
    guard let best = places.min(by: { slope($0) < slope($1) }), slope(best) < 0 else { return nil }
    return rates[best]
  }

  public var description: String {
    func text(_ rate: Double?) -> String { rate.map { String(format: "%.2g", $0) } ?? "none" }
    return "learning rate: valley \(text(valley)), steepest \(text(steepest))"
  }
}

extension Learner {
  /// Trains on a few batches with a learning rate that rises from one to the next by the same factor, notes their losses, and puts everything back
  /// (Smith, "Cyclical learning rates for training neural networks", 2017, §3.3). It ends early when the loss is four times its lowest, or no number.
  ///
  /// - Throws: What reading the data throws. The model is as before then, too.
  ///
  /// ```swift
  /// let set = TensorDataset(inputs: Tensor.normal([64, 3], using: RandomGenerator(seed: 1)), targets: Tensor.zeros([64], dtype: .int64))
  /// let learner = Learner(
  ///   Linear(3, 2, using: RandomGenerator(seed: 2)), DataLoaders(set, validation: set, batchSize: 8),
  ///   rule: SGD.Rule(learningRate: 1))
  /// let finding = try learner.findLearningRate(from: 1e-4, to: 10, steps: 50)
  /// finding.rates.count  // → 50
  /// ```
  public func findLearningRate(from low: Double = 1e-7, to high: Double = 10, steps: Int = 100) throws -> RateFinding {
    guard low > 0, high > low, steps > 1 else {
      stop("findLearningRate", "\(steps) steps from \(low) to \(high)", fix: "use 2 or more, between positive rates")
    }
    let before = (checkpoint, model.isTraining)
    defer {
      do { try load(before.0) } catch {
        stop(
          "findLearningRate", "its own checkpoint does not fit: \(error)",
          fix: "keep the model and the callbacks as they are")
      }
      optimizer.zeroGradients()
      if !before.1 { model.evaluate() }
    }
    model.train()
    var finding = RateFinding(rates: [], losses: [])
    var (mean, lowest) = (0.0, Double.infinity)
    var (epoch, batches) = (0, data.training.epoch(0))
    for step in 0..<steps {
      var next = try batches.next()
      if next == nil {
        epoch += 1
        batches = data.training.epoch(epoch)
        next = try batches.next()
      }
      guard let batch = next else { stop("findLearningRate", "there is no batch", fix: "pass data with samples") }
      let rate = low * pow(high / low, Double(step) / Double(steps - 1))
      optimizer.learningRate = rate
      try forward(batch)
      let value = loss.item()
      mean = 0.98 * mean + 0.02 * value
      let smoothed = mean / (1 - pow(0.98, Double(step + 1)))
      if !value.isFinite || smoothed > 4 * lowest { break }
      finding.rates.append(rate)
      finding.losses.append(smoothed)
      lowest = min(lowest, smoothed)
      try backward()
      try self.step()
    }
    return finding
  }
}
