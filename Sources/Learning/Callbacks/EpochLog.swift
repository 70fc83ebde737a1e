import Foundation
import TensorIO

/// Writes a line of JSON an epoch: its ``EpochRecord``. Put it before ``Checkpoints``: whoever pulls the plug between the two finds a line too many,
/// which the resumed fit takes back.
///
/// ```text
/// {"epoch":1,"learning_rate":0.01,"samples_per_second":9000,"seconds":0.15,"step":23,…}
/// ```
///
/// ```swift
/// let file = FileManager.default.temporaryDirectory.appending(path: "glassbox-example-epochs.jsonl")
/// defer { try? FileManager.default.removeItem(at: file) }
/// let set = TensorDataset(inputs: Tensor([[0.0], [1.0]]), targets: Tensor([0, 1]))
/// let learner = Learner(
///   Linear(1, 2, using: RandomGenerator(seed: 1)), DataLoaders(set, validation: set, batchSize: 1),
///   rule: SGD.Rule(learningRate: 1), callbacks: [EpochLog(file)])
/// try learner.fit(epochs: 3, learningRate: 0.1)
/// try String(contentsOf: file, encoding: .utf8).split(separator: "\n").count  // → 3
/// ```
public final class EpochLog: Callback {
  public let log: JSONLinesLog

  public init(_ file: URL) { log = JSONLinesLog(file: file) }

  public override func beforeFit(_ learner: Learner) throws { try log.replace(with: learner.history) }

  public override func afterEpoch(_ learner: Learner) throws {
    if let record = learner.history.last { try log.append(record) }
  }
}
