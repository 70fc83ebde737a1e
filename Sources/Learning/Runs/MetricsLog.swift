import Foundation
import TensorIO

/// A file of JSON Lines: one object a line, one line an epoch. A plotting tool may follow it as it grows.
public struct MetricsLog: Sendable {
  public let file: URL

  public init(file: URL) { self.file = file }

  /// Adds a line. When that fails, on a full disk say, the file is as it was.
  public func append(_ metrics: EpochMetrics) throws(FileError) {
    let path = file.path(percentEncoded: false)
    let bytes = Array((try JSONFile.line(metrics, for: file) + "\n").utf8)
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
    if descriptor < 0 { throw .system(operation: "write", path: path, code: errno) }
    defer { close(descriptor) }
    let before = lseek(descriptor, 0, SEEK_END)
    let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
    let code = written < 0 ? errno : ENOSPC
    if written == bytes.count, fsync(descriptor) == 0 { return }
    ftruncate(descriptor, before)
    throw .system(operation: "write", path: path, code: written == bytes.count ? errno : code)
  }

  /// The lines so far; none when there is no file. A last line that was cut off is left out.
  ///
  /// - Throws: ``FileError`` when the file can't be read or another line is damaged.
  public func read() throws(FileError) -> [EpochMetrics] {
    try JSONLinesLog(file: file).read(as: EpochMetrics.self)
  }

  /// Drops the lines of epochs after `epoch` in one step: what a resumed run does again.
  public func truncate(after epoch: Int) throws(FileError) {
    guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { return }
    let kept = try read().filter { $0.epoch <= epoch }
    var text = ""
    for metrics in kept { text += try JSONFile.line(metrics, for: file) + "\n" }
    let bytes = text
    try AtomicFile.write(to: file) { writer throws(FileError) in try writer.write(bytes) }
  }
}

/// One epoch's line in `metrics.jsonl`.
public struct EpochMetrics: Sendable, Hashable, Codable {
  /// From 1.
  public var epoch: Int
  /// Batches done since the training began.
  public var step: Int
  /// Over the epoch's batches, each measured before the step that it led to.
  public var trainLoss: Double
  public var trainAccuracy: Double
  /// Over the held-out data, after the epoch.
  public var testLoss: Double
  public var testAccuracy: Double
  /// The last step's.
  public var learningRate: Double
  /// The time spent training in this epoch, without the test; a resumed epoch's parts together.
  public var seconds: Double
  public var samplesPerSecond: Double

  public init(
    epoch: Int, step: Int, trainLoss: Double, trainAccuracy: Double, testLoss: Double, testAccuracy: Double,
    learningRate: Double, seconds: Double, samplesPerSecond: Double
  ) {
    self.epoch = epoch
    self.step = step
    self.trainLoss = trainLoss
    self.trainAccuracy = trainAccuracy
    self.testLoss = testLoss
    self.testAccuracy = testAccuracy
    self.learningRate = learningRate
    self.seconds = seconds
    self.samplesPerSecond = samplesPerSecond
  }
}
