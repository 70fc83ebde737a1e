import Foundation
import TensorCore
import TensorIO

/// Writes what TensorBoard shows: loss and learning rate of the steps, the validation's numbers and the epochs' losses, and, if wanted, histograms of
/// the weights. `tensorboard --logdir FOLDER` follows a training as it goes on; a resumed one goes on in the same curves.
///
/// The tags are `training/loss`, `training/learning rate`, `training/epoch loss`, `validation/loss`, `validation/accuracy`, …; the step is the training's.
///
/// ```swift
/// let folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-example-tensorboard")
/// defer { try? FileManager.default.removeItem(at: folder) }
/// let set = TensorDataset(inputs: Tensor([[0.0], [1.0]]), targets: Tensor([0, 1]))
/// let learner = Learner(
///   Linear(1, 2, using: RandomGenerator(seed: 1)), DataLoaders(set, validation: set, batchSize: 1),
///   rule: SGD.Rule(learningRate: 1), callbacks: [TensorBoardLog(folder, stepInterval: 1)])
/// try learner.fit(epochs: 3, learningRate: 0.1)
/// try FileManager.default.contentsOfDirectory(atPath: folder.path).count  // → 1
/// ```
public final class TensorBoardLog: Callback {
  public let folder: URL
  /// After how many steps one is written.
  public let stepInterval: Int
  /// Whether each epoch ends with a histogram of every parameter.
  public let hasHistograms: Bool
  private var writer: TensorBoardWriter?

  /// Stops unless the interval is positive.
  public init(_ folder: URL, stepInterval: Int = 10, hasHistograms: Bool = false) {
    if stepInterval < 1 { stop("TensorBoardLog", "an interval of \(stepInterval) steps", fix: "use 1 or more") }
    (self.folder, self.stepInterval, self.hasHistograms) = (folder, stepInterval, hasHistograms)
  }

  public override func beforeFit(_ learner: Learner) throws {
    if writer != nil { return }
    let step = learner.position.step
    writer = try TensorBoardWriter(folder: folder, purgingFrom: step > 0 ? step + 1 : nil)
  }

  public override func afterBatch(_ learner: Learner) throws {
    let step = learner.position.step
    guard step % stepInterval == 0 else { return }
    try writer?.scalar("training/loss", learner.lossValue, step: step)
    let rate = learner.optimizer.rate(ofGroup: learner.optimizer.groupCount - 1)
    try writer?.scalar("training/learning rate", rate, step: step)
  }

  public override func afterEpoch(_ learner: Learner) throws {
    guard let writer, let record = learner.history.last else { return }
    try writer.scalar("training/epoch loss", record.trainingLoss, step: record.step)
    for (name, value) in record.validation.sorted(by: { $0.key < $1.key }) {
      try writer.scalar("validation/\(name)", value, step: record.step)
    }
    if hasHistograms {
      for (name, parameter) in learner.model.namedParameters() {
        try writer.histogram(name, parameter.value.detached(), step: record.step)
      }
    }
    try writer.flush()
  }

  public override func afterFit(_ learner: Learner) throws { try writer?.flush() }

  public override func fitFailed(_ learner: Learner, _ error: any Error) throws { try writer?.flush() }
}
