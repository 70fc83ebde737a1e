import Foundation
import Learning
import TensorIO
import Testing

@Suite("Metrics log")
struct MetricsLogTests {
  private let folder: TemporaryFolder
  private let log: MetricsLog

  init() throws {
    folder = try TemporaryFolder()
    log = MetricsLog(file: folder.file("metrics.jsonl"))
  }

  private func metrics(_ epoch: Int, loss: Double = 0.1 + 0.2) -> EpochRecord {
    EpochRecord(
      epoch: epoch, step: 10 * epoch, trainingLoss: loss, validation: ["loss": 1.0 / 3, "top_5 accuracy": 0.5],
      learningRate: 1e-3, seconds: 0.25, samplesPerSecond: 4000)
  }

  @Test("an epoch is a line of JSON, and comes back bit for bit")
  func lines() throws {
    try log.append(metrics(1))
    try log.append(metrics(2, loss: .infinity))
    #expect(
      try folder.text("metrics.jsonl").split(separator: "\n")[0] == """
        {"epoch":1,"learning_rate":0.001,"samples_per_second":4000,"seconds":0.25,"step":10,\
        "training_loss":0.30000000000000004,"validation":{"loss":0.3333333333333333,"top_5 accuracy":0.5}}
        """)
    #expect(try log.read() == [metrics(1), metrics(2, loss: .infinity)])
  }

  @Test("there are no lines before the first")
  func absent() throws {
    #expect(try log.read().isEmpty)
    #expect(folder.names.isEmpty)
  }

  @Test("lines can be replaced by others")
  func replace() throws {
    for epoch in 1...2 { try log.append(metrics(epoch)) }
    let before = try folder.text("metrics.jsonl")
    try log.append(metrics(3))
    try log.replace(with: [metrics(1), metrics(2)])
    #expect(try folder.text("metrics.jsonl") == before)
    try log.replace(with: [])
    #expect(try folder.text("metrics.jsonl").isEmpty)
  }

  @Test("a last line that was cut off does not count")
  func cutOff() throws {
    try log.append(metrics(1))
    let line = try folder.text("metrics.jsonl")
    try Data((line + line.dropLast(20)).utf8).write(to: log.file)
    #expect(try log.read() == [metrics(1)])
  }

  @Test("a damaged line is told by its number")
  func damaged() throws {
    try log.append(metrics(1))
    let text = try folder.text("metrics.jsonl") + "{\"epoch\"\n"
    try Data(text.utf8).write(to: log.file)
    let error = #expect(throws: FileError.self) { try log.read() }
    #expect("\(try #require(error))".contains("metrics.jsonl, \"line 2\": expected JSON"))
  }
}
