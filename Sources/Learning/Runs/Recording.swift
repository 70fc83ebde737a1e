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
  /// The order matters to whoever pulls the plug: lines after the checkpoint are dropped by ``restore(_:)``, and those epochs come out the
  /// same again.
  public func record(_ metrics: EpochMetrics, of trainer: Trainer) throws(FileError) {
    try self.metrics.append(metrics)
    let checkpoint = trainer.checkpoint
    if trainer.position.bestEpoch == metrics.epoch { try checkpoint.write(to: bestCheckpoint) }
    try checkpoint.write(to: latestCheckpoint)
  }

  /// Takes a trainer to the last checkpoint, and `metrics.jsonl` with it.
  ///
  /// - Throws: ``FileError`` when a file is damaged, ``StateDictionaryError`` when the checkpoint is one of another model.
  public func restore(_ trainer: Trainer) throws {
    let checkpoint = try Checkpoint(contentsOf: latestCheckpoint)
    try trainer.restore(checkpoint)
    try metrics.truncate(after: checkpoint.position.epoch)
  }
}
