import Applications
import DataPipelines
import Foundation
import Learning
import Models
import NeuralNetworks
import TensorIO

/// The long texts that have names.
enum LongTextSet: String, CaseIterable, Codable {
  case shakespeare, wikitext2

  func load() async throws -> LongText {
    defer { DownloadLine.close() }
    switch self {
    case .shakespeare: return try await TinyShakespeare.load(progress: { DownloadLine.show($0) })
    case .wikitext2: return try await WikiText2.load(progress: { DownloadLine.show($0) })
    }
  }
}

/// A long text, to go on with.
struct LanguageOfTask: TaskData {
  private let task: LanguageTask
  private let context: Int

  init(_ choice: Settings.DataChoice, _ recipe: Recipe) async throws {
    let (name, text, report): (String, LongText, InputReport)
    if let set = choice.textSet {
      (name, text, report) = (set.rawValue, try await set.load(), InputReport())
    } else {
      name = try Settings.required(choice.source, "data.source")
      let reading = try LanguageReading(URL(filePath: name), onBadInput: choice.onBadInput)
      (text, report) = (reading.text, reading.report)
    }
    let tokens = try Settings.required(choice.tokens, "data.tokens")
    task = try LanguageTask(
      text, tokenizer: try tokens.tokenizer(of: text, vocabulary: recipe.vocabulary), report: report)
    context = recipe.maximumLength
    let (training, validation) = (task.training.count, task.validation.count)
    // A window and the token behind it.
    if min(training, validation) <= context {
      throw FileError.contents(
        file: name, key: nil, expected: "more than \(context) tokens to learn from, and to validate on",
        found: "\(training) and \(validation)")
    }
  }

  var description: RunConfiguration.DataDescription {
    var report = task.report
    (report.trainingSamples, report.testSamples) = (windows(task.training), windows(task.validation))
    return RunConfiguration.DataDescription(
      trainingSamples: report.trainingSamples, testSamples: report.testSamples, sha256: task.sha256, report: report)
  }

  private func windows(_ tokens: [Int]) -> Int { TokenWindows(tokens, length: context).count }

  var monitor: Monitor { .lowest("loss") }

  func use(_ run: String) -> String { "glassbox generate \(run) --prompt …" }

  func learner(_ settings: Settings, isResumed: Bool) throws -> Learner {
    let network = try Settings.required(settings.model?.ofLongTexts, "a network for long texts")
    return settings.recipe.learner(for: task, network: network, seed: settings.seed)
  }

  func save(_ model: any Layer, details: [String: String], to url: URL) throws {
    try ModelFile(model, preparation: .language(task.tokenizer), details: details).write(to: url)
  }

  func outcome(of learner: Learner) throws -> TestOutcome {
    let loss = try learner.validate()["loss"] ?? .nan
    return TestOutcome(figures: [("loss", loss), ("perplexity", exp(loss))], confusion: nil, names: [])
  }

  func page(
    of learner: Learner, title: String, facts: [ResultPage.Fact], input: [ResultPage.InputSummary]
  ) throws -> ResultPage {
    try .language(of: learner, on: task, title: title, facts: facts, input: input)
  }
}
