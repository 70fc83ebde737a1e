import NotebookDisplay

/// How far a training is: what a bar shows after a batch.
public struct TrainingProgress: Sendable, Hashable {
  /// The epoch at work, from 1, and how many there are.
  public var epoch: Int
  public var epochs: Int
  /// Batches done and batches in all, over the whole training.
  public var step: Int
  public var steps: Int
  /// The mean loss and the accuracy of the epoch so far, on the training data.
  public var loss: Double
  public var accuracy: Double
  /// The accuracy on the held-out data after the last whole epoch; nil before the first one's end.
  public var testAccuracy: Double?
  /// How many samples were trained on per second, lately.
  public var samplesPerSecond: Double
  /// How long the rest takes at that speed, in seconds; nil while it is not known.
  public var secondsLeft: Double?

  public init(
    epoch: Int, epochs: Int, step: Int, steps: Int, loss: Double, accuracy: Double, testAccuracy: Double? = nil,
    samplesPerSecond: Double, secondsLeft: Double? = nil
  ) {
    self.epoch = epoch
    self.epochs = epochs
    self.step = step
    self.steps = steps
    self.loss = loss
    self.accuracy = accuracy
    self.testAccuracy = testAccuracy
    self.samplesPerSecond = samplesPerSecond
    self.secondsLeft = secondsLeft
  }

  /// One line of at most `width` columns: a bar, and as much beside it as fits, the most important first.
  ///
  /// ```swift
  /// let progress = TrainingProgress(
  ///   epoch: 2, epochs: 4, step: 3, steps: 8, loss: 0.25, accuracy: 0.925, samplesPerSecond: 12_500, secondsLeft: 65)
  /// progress.line(width: 30)  // → epoch 2/4  38%  loss 0.2500
  /// progress.line(width: 60)  // → epoch 2/4  38%  loss 0.2500  accuracy 92.5%  1:05 left
  /// ```
  public func line(width: Int) -> String {
    let share = steps == 0 ? 1 : Double(step) / Double(steps)
    let fixed = ["epoch \(epoch)/\(epochs)", "\((100 * share).formatted(decimals: 0))%"]
    let loss = "loss \(loss.formatted(decimals: 4))"
    let accuracy = "accuracy \((100 * accuracy).formatted(decimals: 1))%"
    let test = testAccuracy.map { "test \((100 * $0).formatted(decimals: 1))%" }
    let speed = "\(samplesPerSecond.formattedInThousands)/s"
    let time = secondsLeft.map { "\($0.formattedAsTime) left" }

    var room = width - fixed.map { $0.count + 2 }.reduce(-2, +)
    var shown: Set<String> = []
    let shortestBar = String(repeating: " ", count: 5)
    for field in [loss, accuracy, time, speed, shortestBar, test] {
      guard let field, field.count + 2 <= room else { continue }
      room -= field.count + 2
      shown.insert(field)
    }
    var fields = fixed + [loss, accuracy, test, speed, time].compactMap(\.self).filter(shown.contains)
    if shown.contains(shortestBar) { fields.insert(bar(share, width: min(room + shortestBar.count, 40)), at: 1) }
    return String(fields.joined(separator: "  ").prefix(max(0, width)))
  }

  /// A bar that grows by half columns.
  private func bar(_ share: Double, width: Int) -> String {
    let halves = Int((share * Double(2 * width)).rounded(.down))
    let full = String(repeating: "━", count: halves / 2)
    let half = halves % 2 == 1 ? "╸" : ""
    return full + half + String(repeating: "·", count: width - full.count - half.count)
  }
}
