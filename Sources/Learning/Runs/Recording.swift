import NeuralNetworks
import TensorIO

// How a training and its folder go together.
extension TrainingRun {
  /// Writes `latest.safetensors`: the training can go on from here.
  public func save(_ trainer: Trainer) throws(FileError) {
    try trainer.checkpoint.write(to: latestCheckpoint)
  }

  /// Notes a finished epoch: its line in `metrics.jsonl`, and the checkpoints.
  ///
  /// The order matters to whoever pulls the plug: lines after the checkpoint are dropped by
  /// ``restore(_:epochs:batchCount:)``, and those epochs come out the same again.
  public func record(_ metrics: EpochMetrics, of trainer: Trainer) throws(FileError) {
    try self.metrics.append(metrics)
    let checkpoint = trainer.checkpoint
    if trainer.position.bestEpoch == metrics.epoch { try checkpoint.write(to: bestCheckpoint) }
    try checkpoint.write(to: latestCheckpoint)
  }

  /// Takes a trainer to the last checkpoint, and `metrics.jsonl` with it.
  ///
  /// - Parameters:
  ///   - epochs: How many the run has.
  ///   - batchCount: How many batches an epoch has.
  /// - Throws: ``FileError`` when a file is damaged, or the checkpoint's position is none of the run's;
  ///   ``StateDictionaryError`` when it is one of another model.
  public func restore(_ trainer: Trainer, epochs: Int, batchCount: Int) throws {
    let checkpoint = try Checkpoint(contentsOf: latestCheckpoint)
    let position = checkpoint.position
    guard position.isPossible(epochs: epochs, batchCount: batchCount) else {
      throw FileError.contents(
        file: latestCheckpoint.path(percentEncoded: false), key: "position",
        expected: "a place in \(epochs) epochs of \(batchCount) batches",
        found: "step \(position.step), epoch \(position.epoch), batch \(position.batch)")
    }
    try metrics.truncate(after: position.epoch)
    try trainer.restore(checkpoint)
  }
}

extension TrainingPosition {
  fileprivate func isPossible(epochs: Int, batchCount: Int) -> Bool {
    (0...epochs).contains(epoch) && (0...batchCount).contains(batch) && step == epoch * batchCount + batch
      && (epoch < epochs || batch == 0)
  }
}
