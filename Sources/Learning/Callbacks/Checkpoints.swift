import Foundation
import TensorIO

/// Writes a learner's checkpoints into a folder: `latest.safetensors` after each epoch and when a signal ends the fit, and `best.safetensors` after
/// an epoch that is the best so far. Each is whole or not there.
///
/// ```swift
/// func resume(_ learner: Learner, in folder: URL) throws {
///   learner.callbacks.append(Checkpoints(in: folder, best: .highest("accuracy")))
///   let latest = folder.appending(path: "latest.safetensors")
///   if FileManager.default.fileExists(atPath: latest.path) { try learner.restore(try Checkpoint(contentsOf: latest)) }
///   try learner.fitOneCycle(epochs: 10, learningRate: 0.01)
/// }
/// ```
public final class Checkpoints: Callback {
  public let latest: URL
  public let best: URL
  /// What the best epoch is best at; nil keeps no best one.
  public let monitor: Monitor?
  /// After how many steps the latest is written as well; nil: after epochs alone.
  public let stepInterval: Int?

  /// The folder must exist.
  public init(in folder: URL, best monitor: Monitor? = .lowest("loss"), stepInterval: Int? = nil) {
    latest = folder.appending(path: "latest.safetensors")
    best = folder.appending(path: "best.safetensors")
    self.monitor = monitor
    self.stepInterval = stepInterval
  }

  public override func afterBatch(_ learner: Learner) throws {
    if let stepInterval, learner.position.step % stepInterval == 0 { try learner.checkpoint.write(to: latest) }
  }

  public override func afterEpoch(_ learner: Learner) throws {
    let checkpoint = learner.checkpoint
    if let monitor, learner.history.best(by: monitor)?.epoch == learner.position.epoch {
      try checkpoint.write(to: best)
    }
    try checkpoint.write(to: latest)
  }

  public override func fitFailed(_ learner: Learner, _ error: any Error) throws {
    if error is TrainingInterrupted { try learner.checkpoint.write(to: latest) }
  }
}
