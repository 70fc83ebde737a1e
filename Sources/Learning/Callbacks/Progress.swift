import Foundation
import NotebookDisplay

/// Shows a training as it goes on: on a terminal a bar that is written over, in a pipe a line an epoch. For notebooks there is `LiveProgress` in
/// Plotting.
///
/// ```text
/// epoch 3/10  loss 0.1312  validation loss 0.1101  accuracy 0.9654  12,500 samples/s  4.8 s
/// ```
public final class Progress: Callback {
  private let descriptor: Int32
  private var bar: ProgressBar?
  private var last: TrainingProgress?
  private var started = ContinuousClock.now
  private var firstStep = 0

  /// To the standard output unless another descriptor is given.
  public init(descriptor: Int32 = STDOUT_FILENO) { self.descriptor = descriptor }

  public override func beforeFit(_ learner: Learner) {
    bar = ProgressBar.isSupported(by: descriptor) ? ProgressBar(descriptor: descriptor) : nil
    started = .now
    firstStep = learner.position.fitStep(learner)
  }

  public override func afterBatch(_ learner: Learner) {
    guard bar != nil, let plan = learner.plan else { return }
    let (position, step) = (learner.position, learner.position.fitStep(learner))
    let steps = plan.epochs * learner.data.training.batchCount
    let elapsed = started.duration(to: .now) / .seconds(1)
    let progress = TrainingProgress(
      epoch: position.fitEpoch + 1, epochs: plan.epochs, step: step, steps: steps, loss: position.loss,
      measurements: learner.history.last.map(learner.measurements) ?? [],
      samplesPerSecond: position.seconds > 0 ? Double(position.samples) / position.seconds : 0,
      // Validations between the epochs included.
      secondsLeft: elapsed > 0.5 && step > firstStep ? elapsed / Double(step - firstStep) * Double(steps - step) : nil)
    bar?.show(progress)
    last = progress
  }

  public override func afterEpoch(_ learner: Learner) {
    guard let record = learner.history.last, let plan = learner.plan else { return }
    last?.measurements = learner.measurements(of: record)
    if bar != nil { return }
    let fields =
      ["epoch \(learner.position.fitEpoch)/\(plan.epochs)", "loss \(record.trainingLoss.formatted(decimals: 4))"]
      + (learner.validationLoss(of: record) + learner.metrics(of: record)).map(\.text)
      + ["\(record.samplesPerSecond.formattedInThousands) samples/s", "\(record.seconds.formatted(decimals: 1)) s"]
    write(fields.joined(separator: "  ") + "\n")
  }

  public override func afterFit(_ learner: Learner) { close() }

  public override func fitFailed(_ learner: Learner, _ error: any Error) { close() }

  /// Leaves the bar as it stands, and goes to the next line.
  private func close() {
    if let last { bar?.finish(last) }
    last = nil
    bar = nil
  }

  /// Progress that can't be shown is no reason to stop a training.
  private func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 && errno == EINTR { continue }
      if written <= 0 { return }
      bytes = bytes.dropFirst(written)
    }
  }
}

extension Learner {
  /// The metrics of an epoch in the learner's order, and the validation's loss: the most important first.
  fileprivate func measurements(of record: EpochRecord) -> [TrainingProgress.Measurement] {
    metrics(of: record) + validationLoss(of: record)
  }

  fileprivate func metrics(of record: EpochRecord) -> [TrainingProgress.Measurement] {
    metrics.compactMap { metric in record.validation[metric.name].map { .init(metric.name, $0) } }
  }

  fileprivate func validationLoss(of record: EpochRecord) -> [TrainingProgress.Measurement] {
    record.validation["loss"].map { [.init("validation loss", $0)] } ?? []
  }
}

extension TrainingPosition {
  /// The steps done of the fit at work.
  func fitStep(_ learner: Learner) -> Int { fitEpoch * learner.data.training.batchCount + batch }
}
