import Applications
import Learning

/// The page that a run ends with: `report.html`, with figures, curves, classes, wrong answers, and what was left out of the data.
enum RunPage {
  /// - Parameter folds: What came of those of a cross-validation.
  static func make(
    _ configuration: RunConfiguration, _ data: any TaskData, _ learner: Learner, _ folds: [RunResult]
  ) throws -> ResultPage {
    let settings = configuration.settings
    let facts = facts(configuration)
    let input = [ResultPage.InputSummary(configuration.data.report)]
    return try data.page(of: learner, title: settings.name, facts: facts, input: input).adding(folds)
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
