import DataPipelines
import Learning

extension Trainer {
  /// Trains as ``Learning/Trainer/train(on:testedOn:epochs:stoppingWhen:afterBatch:afterEpoch:)`` does, and shows it: see
  /// ``LiveTraining``. The curves are the loss of each batch, the training's accuracy over each epoch, and loss and accuracy on
  /// the test data after it. A training that goes on where another ended shows what is left.
  ///
  /// - Returns: Whether all epochs are done; false when `shouldStop` ended the training before.
  /// - Throws: ``Learning/TrainingDiverged``, and what reading the data or `afterEpoch` throws.
  ///
  /// ```swift
  /// let digits = try UCIDigits.load()
  /// let model = MLP(sizes: [64, 32, 10], using: RandomGenerator(seed: 1))
  /// let trainer = Trainer(model, optimizer: Adam(model.parameters, learningRate: 0.003), schedule: .constant(0.003))
  /// func trainDigits() throws {
  ///   let loader = DataLoader(digits.train, batchSize: 64, shuffle: true, seed: 1)
  ///   try trainer.trainLive(on: loader, testedOn: digits.test, epochs: 10)
  /// }
  /// ```
  @discardableResult
  public func trainLive(
    on loader: DataLoader<some Error>, testedOn test: some Dataset, epochs: Int, title: String? = nil,
    stoppingWhen shouldStop: () -> Bool = { false }, afterEpoch: (EpochMetrics) throws -> Void = { _ in }
  ) throws -> Bool {
    guard position.epoch < epochs, loader.batchCount > 0 else {
      return try train(on: loader, testedOn: test, epochs: epochs, stoppingWhen: shouldStop, afterEpoch: afterEpoch)
    }
    let live = LiveTraining(title, epochs: epochs, batches: loader.batchCount)
    live.skip(to: position.step)
    defer { live.finish() }
    var before = position.metrics
    return try train(
      on: loader, testedOn: test, epochs: epochs, stoppingWhen: shouldStop,
      afterBatch: {
        let metrics = position.metrics
        let samples = Double(metrics.samples - before.samples)
        live.step(["training loss": (metrics.lossSum - before.lossSum) / samples])
        before = metrics
      },
      afterEpoch: { metrics in
        before = position.metrics
        live.record([
          "test loss": metrics.testLoss, "training accuracy": metrics.trainAccuracy,
          "test accuracy": metrics.testAccuracy,
        ])
        try afterEpoch(metrics)
      })
  }
}
