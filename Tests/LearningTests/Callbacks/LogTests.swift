import DataPipelines
import EvaluationMetrics
import Foundation
import Learning
import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

@Suite("The logs of a training")
struct LogTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func learner(_ callbacks: [Callback]) -> Learner {
    let inputs = Tensor.normal([40, 2], using: RandomGenerator(seed: 1))
    let set = TensorDataset(inputs: inputs, targets: (inputs[.all, 0] .> 0).cast(to: .int64))
    return Learner(
      Linear(2, 2, using: RandomGenerator(seed: 2)), DataLoaders(set, validation: set, batchSize: 8, seed: 4),
      rule: SGD.Rule(learningRate: 1), metrics: [Accuracy()], callbacks: callbacks)
  }

  private var callbacks: [Callback] {
    [
      EpochLog(folder.file("epochs.jsonl")), CSVEpochLog(folder.file("epochs.csv")),
      TensorBoardLog(folder.file("board"), stepInterval: 2, hasHistograms: true),
    ]
  }

  @Test("JSON Lines and CSV have a line an epoch, TensorBoard a point for some steps and each epoch")
  func whole() throws {
    let learner = learner(callbacks)
    try learner.fit(epochs: 3, learningRate: 0.5)
    #expect(try JSONLinesLog(file: folder.file("epochs.jsonl")).read(as: EpochRecord.self) == learner.history)
    let rows = try CSVLog(file: folder.file("epochs.csv")).rows()
    #expect(rows.map { $0["epoch"] } == [1, 2, 3])
    #expect(rows.map { $0["validation accuracy"] } == learner.history.map { $0.validation["accuracy"] })
    let events = try TensorBoardEvents(contentsOf: folder.file("board"))
    #expect(events.scalars["training/loss"]?.map(\.step) == [2, 4, 6, 8, 10, 12, 14])
    #expect(events.scalars["validation/accuracy"]?.map(\.step) == [5, 10, 15])
    let losses = try #require(events.scalars["validation/loss"]?.map(\.value))
    for (logged, record) in zip(losses, learner.history) {
      #expect(abs(logged - (record.validation["loss"] ?? .nan)) < 1e-6)
    }
  }

  @Test("a training that was stopped and taken up again leaves the logs of one that was not")
  func resumed() throws {
    final class Stop: Callback {
      override func afterBatch(_ learner: Learner) throws {
        if learner.position.step == 8 { throw TrainingInterrupted(signal: 2) }
      }
    }
    let first = learner(callbacks + [Stop()])
    #expect(throws: TrainingInterrupted.self) { try first.fit(epochs: 3, learningRate: 0.5) }
    // As if it had been killed after a checkpoint at step 5, with what is logged later already there.
    let whole = learner([])
    let early = learner([Checkpoints(in: folder.url)])
    try early.fit(epochs: 1, learningRate: 0.5)
    try whole.fit(epochs: 3, learningRate: 0.5)
    var checkpoint = try Checkpoint(contentsOf: folder.file("latest.safetensors"))
    checkpoint.position.fit = 0
    let second = learner(callbacks)
    try second.restore(checkpoint)
    try second.fit(epochs: 3, learningRate: 0.5)
    #expect(second.model.stateDictionary().fingerprint == whole.model.stateDictionary().fingerprint)
    let lines = try JSONLinesLog(file: folder.file("epochs.jsonl")).read(as: EpochRecord.self)
    #expect(lines == second.history && lines.map(\.step) == [5, 10, 15])
    #expect(try CSVLog(file: folder.file("epochs.csv")).rows().map { $0["step"] } == [5, 10, 15])
    let events = try TensorBoardEvents(contentsOf: folder.file("board"))
    #expect(events.scalars["training/loss"]?.map(\.step) == [2, 4, 6, 8, 10, 12, 14])
  }
}
