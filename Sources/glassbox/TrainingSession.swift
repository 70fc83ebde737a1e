import DataPipelines
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
  private let trainer: Trainer
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
    trainer = Trainer(model, optimizer: settings.makeOptimizer(for: model), schedule: configuration.schedule)
  }

  /// The first checkpoint of a new run.
  var checkpoint: Checkpoint { trainer.checkpoint }

  /// Starts a new run.
  func begin(_ run: TrainingRun) throws {
    Report.beginning(configuration, trainer.model, loader, run)
    try train(run)
  }

  /// Goes on with a run.
  func resume(_ run: TrainingRun) throws {
    try run.restore(trainer, epochs: settings.epochs, batchCount: loader.batchCount)
    Report.beginning(configuration, trainer.model, loader, run)
    Report.resumption(trainer.position)
    try train(run)
  }

  private func train(_ run: TrainingRun) throws {
    Interruption.watch()
    var display = ProgressDisplay(trainer.position, settings, loader)
    let isDone: Bool
    do {
      isDone = try trainer.train(
        on: loader, testedOn: data.test, epochs: settings.epochs,
        stoppingWhen: { Interruption.requested != nil },
        afterBatch: { display.show(trainer.position) },
        afterEpoch: { metrics in
          display.show(metrics)
          try run.record(metrics, of: trainer)
          if let signal = Interruption.requested, metrics.epoch < settings.epochs {
            display.close()
            Report.interruption(trainer.position, run)
            throw Interrupted(signal: signal)
          }
        })
    } catch {
      display.close()
      throw error
    }
    display.close()
    if !isDone {
      try run.save(trainer)
      Report.interruption(trainer.position, run)
      throw Interrupted(signal: Interruption.requested ?? SIGINT)
    }
    try finish(run, seconds: display.elapsed)
  }

  private func finish(_ run: TrainingRun, seconds: Double) throws {
    let evaluation = evaluate(trainer.model, on: data.test)
    let epochs = try run.metrics.read()
    let result = RunResult(
      evaluation, trainer.position, names: data.classNames, epochs: epochs,
      weights: trainer.model.stateDictionary().fingerprint)
    try run.write(result: result)
    let charts = RunCharts.write(epochs, result, to: run.folder)
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
