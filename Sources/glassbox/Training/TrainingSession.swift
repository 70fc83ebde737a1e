import DataPipelines
import Foundation
import Learning
import Plotting
import TensorCore

/// One sitting of a run: from its beginning, or from where it was stopped, to its end or to the next stop.
final class TrainingSession {
  private let configuration: RunConfiguration
  private let data: any TaskData
  private let learner: Learner
  private var settings: Settings { configuration.settings }

  init(_ configuration: RunConfiguration, _ data: any TaskData, isResumed: Bool = false) throws {
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
    try work(run)
  }

  /// Goes on with a run.
  func resume(_ run: TrainingRun) throws {
    Interruption.watch()
    try restore(run)
    Report.beginning(configuration, learner, run)
    Report.resumption(learner.position)
    try work(run)
  }

  /// Takes the learner to where the run was stopped.
  func restore(_ run: TrainingRun) throws {
    try run.restore(learner, epochs: settings.recipe.totalEpochs)
    // What the checkpoint does not know of did not happen.
    try run.metrics.replace(with: learner.history)
  }

  private func work(_ run: TrainingRun) throws {
    let started = ContinuousClock.now
    do {
      let folds = try FoldRuns(configuration: configuration, folds: data.folds).results(in: run)
      if !folds.isEmpty { Output.line("all data") }
      let (result, outcome, charts) = try train(run, folds: folds)
      Report.end(
        result, outcome, run, charts.names, seconds: started.duration(to: .now) / .seconds(1), folds: folds.count,
        use: data.use)
      if let error = charts.error { throw error }
    } catch let interruption as TrainingInterrupted {
      Report.interruption(learner.position, run)
      throw Interrupted(signal: interruption.signal)
    }
  }

  /// Trains to the end, and writes what comes of it.
  ///
  /// - Parameter folds: What came of those of a cross-validation: then the run itself is tested on nothing else.
  func train(_ run: TrainingRun, folds: [RunResult] = []) throws -> (
    result: RunResult, outcome: TestOutcome, charts: (names: [String], error: ChartError?)
  ) {
    learner.callbacks += [Progress(), EpochLog(run.metrics.file)]
    if settings.logs.csv { learner.callbacks.append(CSVEpochLog(run.folder.appending(path: "metrics.csv"))) }
    if settings.logs.tensorboard {
      learner.callbacks.append(TensorBoardLog(run.folder.appending(path: "tensorboard"), hasHistograms: true))
    }
    learner.callbacks +=
      [Checkpoints(in: run.folder, best: data.monitor), SignalStop()] + settings.recipe.earlyStopping(data.monitor)
    try settings.recipe.fit(learner)
    // With all fits behind it: a run that ended early does not go on.
    try learner.checkpoint.write(to: run.latestCheckpoint)
    let outcome = folds.isEmpty ? try data.outcome(of: learner) : TestOutcome(meanOf: folds)
    let result = RunResult(
      outcome, learner.position, data.monitor, testSamples: configuration.data.testSamples,
      weights: learner.model.stateDictionary().fingerprint)
    let details = configuration.details.merging(["weights_sha256": result.weightsSha256]) { $1 }
    try data.save(learner.model, details: details, to: run.folder.modelFile)
    try run.write(result: result)
    let charts = RunCharts.write(learner, outcome, to: run.folder)
    let page = try RunPage.make(configuration, data, learner, folds)
    try page.write(to: run.folder.appending(path: "report.html"))
    return (result, outcome, charts)
  }
}
