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
    let input = [ResultPage.InputSummary(configuration.data.report)]
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
