import Applications
import EvaluationMetrics
import Foundation
import Learning
import NeuralNetworks

/// Rows of a table.
struct TableOfTask: TaskData {
  private let task: TableTask

  init(_ choice: Settings.DataChoice, seed: UInt64) throws {
    task = try TableTask(
      URL(filePath: try Settings.required(choice.source, "data.source")),
      target: try Settings.required(choice.target, "data.target"), columns: choice.columns,
      test: choice.test.map { URL(filePath: $0) }, kind: choice.kind, onBadInput: choice.onBadInput, seed: seed)
  }

  private var classNames: [String] { task.preparation.classNames }

  var description: RunConfiguration.DataDescription {
    RunConfiguration.DataDescription(
      trainingSamples: task.training.rowCount, testSamples: task.test.rowCount, sha256: task.sha256,
      report: task.report)
  }

  var monitor: Monitor { .highest(classNames.isEmpty ? "R²" : "accuracy") }

  func learner(_ settings: Settings, isResumed: Bool) -> Learner {
    settings.recipe.learner(for: task, seed: settings.seed)
  }

  func save(_ model: any Layer, details: [String: String], to url: URL) throws {
    try task.predictor(model, details: details).save(to: url)
  }

  func outcome(of learner: Learner) throws -> TestOutcome {
    let predictions = try learner.testPredictions
    return classNames.isEmpty
      ? try TestOutcome(predictions, scaledBy: task.preparation)
      : try TestOutcome(predictions, names: classNames, metrics: [ROCAUC()])
  }

  func page(
    of learner: Learner, title: String, facts: [ResultPage.Fact], input: [ResultPage.InputSummary]
  ) throws -> ResultPage {
    try .table(of: learner, on: task.test, preparation: task.preparation, title: title, facts: facts, input: input)
  }
}
