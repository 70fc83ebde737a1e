import DataPipelines
import Foundation
import Learning
import TensorCore

/// One sitting of a run: from its beginning, or from where it was stopped, to its end or to the next stop.
final class TrainingSession {
  private let configuration: RunConfiguration
  private let data: TaskData
  private let learner: Learner
  private var settings: Settings { configuration.settings }

  init(_ configuration: RunConfiguration, _ data: TaskData, isResumed: Bool = false) throws {
    self.configuration = configuration
    self.data = data
    learner = try data.learner(configuration.settings, isResumed: isResumed)
  }

  /// The first checkpoint of a new run.
  var checkpoint: Checkpoint { learner.checkpoint }

  /// Starts a new run.
  func begin(_ run: TrainingRun) throws {
    Interruption.watch()
    Report.beginning(configuration, learner, run)
    try train(run)
  }

  /// Goes on with a run.
  func resume(_ run: TrainingRun) throws {
    Interruption.watch()
    try run.restore(learner, epochs: settings.recipe.totalEpochs)
    // What the checkpoint does not know of did not happen.
    try run.metrics.replace(with: learner.history)
    Report.beginning(configuration, learner, run)
    Report.resumption(learner.position)
    try train(run)
  }

  private func train(_ run: TrainingRun) throws {
    let started = ContinuousClock.now
    learner.callbacks += [Progress(), EpochLog(run.metrics.file)]
    if settings.logs.csv { learner.callbacks.append(CSVEpochLog(run.folder.appending(path: "metrics.csv"))) }
    if settings.logs.tensorboard {
      learner.callbacks.append(TensorBoardLog(run.folder.appending(path: "tensorboard"), hasHistograms: true))
    }
    learner.callbacks +=
      [Checkpoints(in: run.folder, best: data.monitor), SignalStop()] + settings.recipe.earlyStopping(data.monitor)
    do {
      try settings.recipe.fit(learner)
    } catch let interruption as TrainingInterrupted {
      Report.interruption(learner.position, run)
      throw Interrupted(signal: interruption.signal)
    }
    // With all fits behind it: a run that ended early does not go on.
    try learner.checkpoint.write(to: run.latestCheckpoint)
    try finish(run, seconds: started.duration(to: .now) / .seconds(1))
  }

  private func finish(_ run: TrainingRun, seconds: Double) throws {
    let outcome = try data.outcome(of: learner)
    let result = RunResult(
      outcome, learner.position, data.monitor, testSamples: configuration.data.testSamples,
      weights: learner.model.stateDictionary().fingerprint)
    let details = configuration.details.merging(["weights_sha256": result.weightsSha256]) { $1 }
    try data.save(learner.model, details: details, to: run.folder.modelFile)
    try run.write(result: result)
    let charts = RunCharts.write(learner, outcome, to: run.folder)
    try RunPage.make(configuration, data, learner).write(to: run.folder.appending(path: "report.html"))
    Report.end(result, outcome, run, charts.names, seconds: seconds)
    if let error = charts.error { throw error }
  }
}
