import Applications
import DataPipelines
import Foundation
import Learning
import Models
import NeuralNetworks

/// The page that a run ends with: `report.html`, with figures, curves, classes, wrong answers, and what was left out of the data.
enum RunPage {
  static func make(_ configuration: RunConfiguration, _ data: TaskData, _ learner: Learner) throws -> ResultPage {
    let settings = configuration.settings
    let facts = facts(configuration)
    let input = [ResultPage.InputReport(configuration.data.report)]
    switch data {
    case .pictures(let data):
      // Where the last maps with places are made.
      let place = (learner.model as? any StagedClassifier)?.stages.last?.last
      return try .pictures(
        of: learner, on: data.test, classNames: data.classNames, preparation: [data.preparation.normalization],
        gradCAM: place, title: settings.name, facts: facts,
        label: { data.test.files.isEmpty ? nil : data.test.files[$0].lastPathComponent }, input: input)
    case .table(let task):
      return try .table(
        of: learner, on: task.test, preparation: task.preparation, title: settings.name, facts: facts, input: input)
    }
  }

  private static func facts(_ configuration: RunConfiguration) -> [ResultPage.Fact] {
    let (settings, environment) = (configuration.settings, configuration.environment)
    return [
      ResultPage.Fact("recipe", RecipeTable.words(settings.recipe)),
      ResultPage.Fact("seed", "\(settings.seed)"),
      ResultPage.Fact("data (SHA-256)", configuration.data.sha256),
      ResultPage.Fact("versions", "Glassbox \(environment.glassbox), Swift \(environment.swift)"),
      ResultPage.Fact("begun", environment.started),
    ]
  }
}

extension ResultPage.InputReport {
  /// What a task's files held.
  fileprivate init(_ report: InputReport) {
    func count(_ name: String, _ number: Int) -> [ResultPage.Fact] {
      number == 0 ? [] : [ResultPage.Fact(name, "\(number)")]
    }
    self.init(
      "Input",
      counts: count("samples to learn from", report.trainingSamples) + count("to test on", report.testSamples)
        + count("skipped", report.skipped.count) + count("files left alone", report.filesLeftAlone)
        + count("missing values filled", report.filled.values.reduce(0, +)),
      findings: report.skipped.map { problem in
        let parts = problem.split(separator: ": ", maxSplits: 1).map(String.init)
        return Finding(parts[0], parts.count > 1 ? parts[1] : "")
      })
  }
}
