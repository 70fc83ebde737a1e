import Applications
import DataPipelines
import EvaluationMetrics
import Foundation
import Learning
import NeuralNetworks
import TensorCore

/// Ratings.
struct RatingsOfTask: TaskData {
  private let task: RatingTask

  init(_ choice: Settings.DataChoice, seed: UInt64) async throws {
    let folds = choice.folds ?? 0
    if let source = choice.source {
      task = try RatingTask(
        URL(filePath: source), columns: try Settings.required(choice.ratings, "data.ratings"), header: choice.columns,
        folds: folds,
        onBadInput: choice.onBadInput, seed: seed)
    } else {
      let movies = try await MovieLens100K.load(progress: { DownloadLine.show($0) })
      DownloadLine.close()
      task = RatingTask(movies, folds: folds, seed: seed)
    }
  }

  private init(_ task: RatingTask) { self.task = task }

  var description: RunConfiguration.DataDescription {
    RunConfiguration.DataDescription(
      trainingSamples: task.training.count, testSamples: task.test?.count ?? 0, sha256: task.sha256,
      report: task.report)
  }

  var monitor: Monitor { .lowest(task.test == nil ? "training loss" : "RMSE") }

  var folds: [any TaskData] { task.folds.map { RatingsOfTask($0) } }

  func use(_ run: String) -> String { "glassbox recommend \(run) --user ID" }

  func learner(_ settings: Settings, isResumed: Bool) throws -> Learner {
    let network = try Settings.required(settings.model?.ofRatings, "a network for ratings")
    return settings.recipe.learner(for: task, network: network, seed: settings.seed)
  }

  func save(_ model: any Layer, details: [String: String], to url: URL) throws {
    try task.recommender(model, details: details).save(to: url)
  }

  func outcome(of learner: Learner) throws -> TestOutcome {
    guard let test = task.test else { throw ResumeError("there are no ratings to test on") }
    let predictions = try learner.testPredictions
    var metrics: [any Metric<Double>] = [RootMeanSquaredError(), MeanAbsoluteError()]
    for index in metrics.indices {
      try metrics[index].add(predictions: predictions.outputs, targets: predictions.targets)
    }
    let first = task.recommender(learner.model).metrics(on: test).model
    return TestOutcome(
      figures: metrics.map { ($0.name, $0.value) } + first.figures, confusion: nil, names: [])
  }

  func page(
    of learner: Learner, title: String, facts: [ResultPage.Fact], input: [ResultPage.InputSummary]
  ) throws -> ResultPage {
    try .ratings(of: learner, on: task, title: title, facts: facts, input: input)
  }
}
