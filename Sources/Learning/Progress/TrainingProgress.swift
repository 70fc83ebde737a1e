import NotebookDisplay

/// How far a training is: what a bar shows after a batch.
public struct TrainingProgress: Sendable, Hashable {
  /// The epoch at work, from 1, and how many there are.
  public var epoch: Int
  public var epochs: Int
  /// Batches done and batches in all, over the whole training.
  public var step: Int
  public var steps: Int
  /// The mean loss of the epoch so far, on the training data.
  public var loss: Double
  /// What was measured after the last whole epoch, the most important first: `accuracy`; empty before the first one's end.
  public var measurements: [Measurement]
  /// How many samples were trained on per second, lately.
  public var samplesPerSecond: Double
  /// How long the rest takes at that speed, in seconds; nil while it is not known.
  public var secondsLeft: Double?

  /// A number with its name.
  public struct Measurement: Sendable, Hashable {
    public var name: String
    public var value: Double

    public init(_ name: String, _ value: Double) { (self.name, self.value) = (name, value) }

    /// `accuracy 0.9250`
    var text: String { "\(name) \(value.formatted(decimals: 4))" }
  }

  public init(
    epoch: Int, epochs: Int, step: Int, steps: Int, loss: Double, measurements: [Measurement] = [],
    samplesPerSecond: Double, secondsLeft: Double? = nil
  ) {
    self.epoch = epoch
    self.epochs = epochs
    self.step = step
    self.steps = steps
    self.loss = loss
    self.measurements = measurements
    self.samplesPerSecond = samplesPerSecond
    self.secondsLeft = secondsLeft
  }

  /// One line of at most `width` columns: a bar, and as much beside it as fits, the most important first.
  ///
  /// ```swift
  /// let progress = TrainingProgress(
  ///   epoch: 2, epochs: 4, step: 3, steps: 8, loss: 0.25, measurements: [.init("accuracy", 0.925)],
  ///   samplesPerSecond: 12_500, secondsLeft: 65)
  /// progress.line(width: 30)  // → epoch 2/4  38%  loss 0.2500
  /// progress.line(width: 60)  // → epoch 2/4  38%  loss 0.2500  accuracy 0.9250  1:05 left
  /// ```
  public func line(width: Int) -> String {
    let share = steps == 0 ? 1 : Double(step) / Double(steps)
    let fixed = ["epoch \(epoch)/\(epochs)", "\((100 * share).formatted(decimals: 0))%"]
    let loss = "loss \(loss.formatted(decimals: 4))"
    let first = measurements.first?.text
    let others = measurements.dropFirst().map(\.text)
    let speed = "\(samplesPerSecond.formattedInThousands)/s"
    let time = secondsLeft.map { "\($0.formattedAsTime) left" }

    var room = width - fixed.map { $0.count + 2 }.reduce(-2, +)
    var shown: Set<String> = []
    let shortestBar = String(repeating: " ", count: 5)
    for field in [loss, first, time, speed, shortestBar] + others {
      guard let field, field.count + 2 <= room else { continue }
      room -= field.count + 2
      shown.insert(field)
    }
    var fields = fixed + ([loss, first] + others + [speed, time]).compactMap(\.self).filter(shown.contains)
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
