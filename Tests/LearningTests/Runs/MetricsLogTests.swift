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

  private func metrics(_ epoch: Int, loss: Double = 0.1 + 0.2) -> EpochMetrics {
    EpochMetrics(
      epoch: epoch, step: 10 * epoch, trainLoss: loss, trainAccuracy: 0.75, testLoss: 1.0 / 3, testAccuracy: 0.5,
      learningRate: 1e-3, seconds: 0.25, samplesPerSecond: 4000)
  }

  @Test("an epoch is a line of JSON, and comes back bit for bit")
  func lines() throws {
    try log.append(metrics(1))
    try log.append(metrics(2, loss: .infinity))
    #expect(
      try folder.text("metrics.jsonl").split(separator: "\n")[0] == """
        {"epoch":1,"learning_rate":0.001,"samples_per_second":4000,"seconds":0.25,"step":10,"test_accuracy":0.5,\
        "test_loss":0.3333333333333333,"train_accuracy":0.75,"train_loss":0.30000000000000004}
        """)
    #expect(try log.read() == [metrics(1), metrics(2, loss: .infinity)])
  }

  @Test("there are no lines before the first")
  func absent() throws {
    #expect(try log.read().isEmpty)
    try log.truncate(after: 3)
    #expect(folder.names.isEmpty)
  }

  @Test("lines after an epoch are dropped, those before stay as they are")
  func truncate() throws {
    for epoch in 1...2 { try log.append(metrics(epoch)) }
    let before = try folder.text("metrics.jsonl")
    try log.append(metrics(3))
    try log.truncate(after: 2)
    #expect(try folder.text("metrics.jsonl") == before)
    try log.truncate(after: 0)
    #expect(try folder.text("metrics.jsonl").isEmpty)
  }

  @Test("a last line that was cut off does not count")
  func cutOff() throws {
    try log.append(metrics(1))
    let line = try folder.text("metrics.jsonl")
    try Data((line + line.dropLast(20)).utf8).write(to: log.file)
    #expect(try log.read() == [metrics(1)])
    try log.truncate(after: 1)
    #expect(try folder.text("metrics.jsonl") == line)
  }

  @Test("a damaged line is told by its number, and nothing is dropped then")
  func damaged() throws {
    try log.append(metrics(1))
    let text = try folder.text("metrics.jsonl") + "{\"epoch\"\n"
    try Data(text.utf8).write(to: log.file)
    let error = #expect(throws: FileError.self) { try log.truncate(after: 0) }
    #expect("\(try #require(error))".contains("metrics.jsonl, \"line 2\": expected JSON"))
    #expect(try folder.text("metrics.jsonl") == text)
  }
}
