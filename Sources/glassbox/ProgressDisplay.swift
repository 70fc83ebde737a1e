import DataPipelines
import Learning
import NotebookDisplay

/// Shows a training as it goes on: a bar on a terminal, a line an epoch in a pipe.
struct ProgressDisplay {
  private let epochs: Int
  private let batches: Int
  private let batchSize: Int
  private let firstStep: Int
  private let started = ContinuousClock.now
  private var bar: ProgressBar?
  private var last: TrainingProgress?

  init(_ position: TrainingPosition, _ settings: Settings, _ loader: DataLoader<Never>) {
    epochs = settings.epochs
    batches = loader.batchCount
    batchSize = loader.batchSize
    firstStep = position.step
    bar = ProgressBar.isSupported() ? ProgressBar() : nil
  }

  /// The seconds since the display was made.
  var elapsed: Double { started.duration(to: .now) / .seconds(1) }

  mutating func show(_ position: TrainingPosition) {
    guard bar != nil else { return }
    let steps = epochs * batches
    let done = Double(position.step - firstStep)
    let progress = TrainingProgress(
      epoch: position.epoch + 1, epochs: epochs, step: position.step, steps: steps, loss: position.metrics.loss,
      accuracy: position.metrics.accuracy, testAccuracy: position.testAccuracy,
      samplesPerSecond: position.seconds > 0 ? Double(position.metrics.samples) / position.seconds : 0,
      // Tests between the epochs included.
      secondsLeft: elapsed > 0.5 ? elapsed / done * Double(steps - position.step) : nil)
    bar?.show(progress)
    last = progress
  }

  mutating func show(_ metrics: EpochMetrics) {
    last?.testAccuracy = metrics.testAccuracy
    if bar != nil { return }
    let fields = [
      "epoch \(metrics.epoch)/\(epochs)",
      "loss \(metrics.trainLoss.formatted(decimals: 4))",
      "accuracy \(percent(metrics.trainAccuracy))",
      "test loss \(metrics.testLoss.formatted(decimals: 4))",
      "test accuracy \(percent(metrics.testAccuracy))",
      "\(metrics.samplesPerSecond.formattedInThousands) samples/s",
      "\(metrics.seconds.formatted(decimals: 1)) s",
    ]
    Output.line(fields.joined(separator: "  "))
  }

  /// Leaves the bar as it stands, and goes to the next line.
  mutating func close() {
    if let last { bar?.finish(last) }
    last = nil
    bar?.close()
  }
}

func percent(_ share: Double) -> String { "\((100 * share).formatted(decimals: 2))%" }
