import Applications
import DataPipelines
import EvaluationMetrics
import Foundation
import Learning
import NeuralNetworks

/// Texts in classes that are published, by short names.
enum PublishedTexts: String {
  case imdb, sst2
  case agNews = "ag-news"

  func load() async throws -> TextData {
    defer { DownloadLine.close() }
    return switch self {
    case .imdb: try await IMDB.load(progress: { DownloadLine.show($0) })
    case .sst2: try await SST2.load(progress: { DownloadLine.show($0) })
    case .agNews: try await AGNews.load(progress: { DownloadLine.show($0) })
    }
  }
}

/// Texts in classes.
struct TextsOfTask: TaskData {
  private let task: TextTask
  /// The table's column that holds them.
  private let column: String?

  init(_ settings: Settings) async throws {
    let choice = settings.data
    let network = try Settings.required(settings.model?.ofTexts, "a network for texts")
    let source = try Settings.required(choice.source, "data.source")
    column = choice.text
    if let published = PublishedTexts(rawValue: source) {
      task = try TextTask(try await published.load(), network: network, recipe: settings.recipe)
      return
    }
    let url = URL(filePath: source)
    let reading: TextReading
    if let text = choice.text {
      reading = try TextReading(
        table: url, text: text, target: try Settings.required(choice.target, "data.target"),
        test: choice.test.map { URL(filePath: $0) },
        onBadInput: choice.onBadInput, seed: settings.seed)
    } else {
      reading = try TextReading(url, onBadInput: choice.onBadInput, seed: settings.seed)
    }
    task = try TextTask(reading.data, network: network, recipe: settings.recipe, report: reading.report)
  }

  var description: RunConfiguration.DataDescription {
    RunConfiguration.DataDescription(
      trainingSamples: task.training.count, testSamples: task.test.count, sha256: task.sha256, report: task.report)
  }

  var monitor: Monitor { .highest("accuracy") }

  func learner(_ settings: Settings, isResumed: Bool) -> Learner {
    settings.recipe.learner(for: task, seed: settings.seed)
  }

  func save(_ model: any Layer, details: [String: String], to url: URL) throws {
    let details = details.merging(column.map { [TextClassifier.columnKey: $0] } ?? [:]) { $1 }
    try task.classifier(model, details: details).save(to: url)
  }

  func outcome(of learner: Learner) throws -> TestOutcome {
    try TestOutcome(try learner.testPredictions, names: task.classNames, metrics: [ROCAUC()])
  }

  func page(
    of learner: Learner, title: String, facts: [ResultPage.Fact], input: [ResultPage.InputSummary]
  ) throws -> ResultPage {
    try .texts(of: learner, for: task, title: title, facts: facts, input: input)
  }
}
