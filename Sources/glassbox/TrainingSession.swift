import DataPipelines
import EvaluationMetrics
import Foundation
import Learning
import Models
import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO

/// One sitting of a run: from its beginning, or from where it was stopped, to its end or to the next stop.
final class TrainingSession {
  private let configuration: RunConfiguration
  private let data: LoadedData
  private let loader: DataLoader<Never>
  private let learner: Learner
  private var settings: Settings { configuration.settings }

  init(_ configuration: RunConfiguration, _ data: LoadedData) {
    self.configuration = configuration
    self.data = data
    let settings = configuration.settings
    // Independent generators for independent purposes, all from the one seed.
    let random = RandomGenerator(seed: settings.seed)
    let model = settings.makeModel(for: data.inputShape, using: random.derived(1))
    loader = DataLoader(
      data.train, batchSize: settings.batchSize, shuffle: true, seed: random.derived(2).state.seed)
    learner = Learner(
      model, DataLoaders(training: loader, validation: DataLoader(data.test, batchSize: 250)),
      optimizer: settings.makeOptimizer(for: model), metrics: [Accuracy()])
  }

  /// The first checkpoint of a new run.
  var checkpoint: Checkpoint { learner.checkpoint }

  /// Starts a new run.
  func begin(_ run: TrainingRun) throws {
    Report.beginning(configuration, learner.model, loader, run)
    try train(run)
  }

  /// Goes on with a run.
  func resume(_ run: TrainingRun) throws {
    try run.restore(learner, epochs: settings.epochs)
    Report.beginning(configuration, learner.model, loader, run)
    Report.resumption(learner.position)
    try train(run)
  }

  private func train(_ run: TrainingRun) throws {
    Interruption.watch()
    let started = ContinuousClock.now
    let checkpoints = Checkpoints(in: run.folder, best: .highest("accuracy"))
    learner.callbacks += [Progress(), EpochLog(run.metrics.file), checkpoints, SignalStop()]
    do {
      try learner.fit(epochs: settings.epochs, schedule: configuration.schedule)
    } catch let interruption as TrainingInterrupted {
      if let failure = checkpoints.failure { throw failure }
      Report.interruption(learner.position, run)
      throw Interrupted(signal: interruption.signal)
    }
    try finish(run, seconds: started.duration(to: .now) / .seconds(1))
  }

  private func finish(_ run: TrainingRun, seconds: Double) throws {
    let evaluation = evaluate(learner.model, on: data.test)
    let result = RunResult(
      evaluation, learner.position, names: data.classNames, weights: learner.model.stateDictionary().fingerprint)
    try run.write(result: result)
    let charts = RunCharts.write(learner.history, result, to: run.folder)
    Report.end(result, evaluation, data.classNames, run, charts.names, seconds: seconds)
    if let error = charts.error { throw error }
  }
}

extension Settings {
  func makeModel(for input: Shape, using generator: RandomGenerator) -> any Layer {
    switch (model, task) {
    case (.lenet, _):
      LeNet(pictureSize: Size2D(input[2], input[3]), using: generator)
    case (.mlp, .digits):
      MLP(sizes: [64, 128, 64, 10], using: generator)
    case (.mlp, .mnist):
      MLP(sizes: [784, 512, 256, 10], using: generator)
    }
  }

  func makeOptimizer(for model: any Layer) -> any Optimizer {
    switch optimizer {
    case .sgd: SGD(model.parameters, learningRate: learningRate, momentum: momentum, weightDecay: weightDecay)
    case .adam: Adam(model.parameters, learningRate: learningRate, weightDecay: weightDecay)
    case .adamw: AdamW(model.parameters, learningRate: learningRate, weightDecay: weightDecay)
    }
  }
}
