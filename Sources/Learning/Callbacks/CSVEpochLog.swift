import Foundation
import TensorIO

/// Writes a row an epoch into a CSV file: `epoch`, `step`, `training loss`, the validation's numbers by name, `learning rate`, `seconds`.
///
/// ```swift
/// let file = FileManager.default.temporaryDirectory.appending(path: "glassbox-example-epochs.csv")
/// defer { try? FileManager.default.removeItem(at: file) }
/// let set = TensorDataset(inputs: Tensor([[0.0], [1.0]]), targets: Tensor([0, 1]))
/// let learner = Learner(
///   Linear(1, 2, using: RandomGenerator(seed: 1)), DataLoaders(set, validation: set, batchSize: 1),
///   rule: SGD.Rule(learningRate: 1), callbacks: [CSVEpochLog(file)])
/// try learner.fit(epochs: 3, learningRate: 0.1)
/// try Table.read(file).table["epoch"].numbers  // → [1.0, 2.0, 3.0]
/// ```
public final class CSVEpochLog: Callback {
  public let file: URL
  private var log: CSVLog?

  public init(_ file: URL) { self.file = file }

  public override func beforeFit(_ learner: Learner) throws {
    let log = try CSVLog(file: file)
    let done = Double(learner.position.epoch)
    // What a resumed fit does again; and an older file's rows, when this training has not begun.
    try log.truncate { ($0["epoch"] ?? .infinity) <= done }
    self.log = log
  }

  public override func afterEpoch(_ learner: Learner) throws {
    guard let record = learner.history.last else { return }
    var row: [(name: String, value: Double)] = [
      ("epoch", Double(record.epoch)), ("step", Double(record.step)), ("training loss", record.trainingLoss),
    ]
    row += record.validation.sorted { $0.key < $1.key }.map { ("validation \($0.key)", $0.value) }
    row += [("learning rate", record.learningRate), ("seconds", record.seconds)]
    try log?.append(row)
  }
}
