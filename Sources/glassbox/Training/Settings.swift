import Applications
import ArgumentParser
import DataPipelines
import Foundation
import Learning
import TensorCore

enum TaskName: String, CaseIterable, Codable {
  case digits, mnist, images, table, sentiment, text, recommend
}

/// What a run was asked to do, defaults filled in.
struct Settings: Codable {
  let task: TaskName
  let recipe: Recipe
  let seed: UInt64
  /// nil for tables.
  let model: NetworkName?
  let data: DataChoice
  let logs: Logs

  /// What is learned from.
  struct DataChoice: Codable, Equatable {
    /// The folder, archive or table, as a whole path.
    var source: String?
    /// The side of pictures in pixels; nil for that of the first.
    var size: Int?
    /// The share of the labels that are learned from.
    var labels: Double?
    /// The run or model file that weights are taken from, as a whole path.
    var pretrained: String?
    /// The table with rows to test on, as a whole path; nil to find it, or hold a part out.
    var test: String?
    /// The column of texts.
    var text: String?
    var target: String?
    var columns: [String]?
    var kind: TableTask.Kind?
    /// The columns of ratings; nil for MovieLens.
    var ratings: RatingColumns?
    /// How many parts are tested on in turns; nil: one part is held out.
    var folds: Int?
    var onBadInput = BadInputHandling.refuse
    /// The long text that has a name; nil for a file's.
    var textSet: LongTextSet?
    /// What a long text is taken apart into.
    var tokens: LanguageTokens?
  }

  /// What is written beside metrics.jsonl.
  struct Logs: Codable, Equatable {
    var tensorboard = false
    var csv = false
  }

  init(
    _ task: TaskName, _ recipe: Recipe, seed: UInt64, model: NetworkName? = nil, data: DataChoice = DataChoice(),
    logs: Logs
  ) {
    (self.task, self.recipe, self.seed, self.model) = (task, recipe, seed, model)
    (self.data, self.logs) = (data, logs)
  }

  /// What messages and the run's folder call it: `mnist-lenet`, `images-resnet`, `table-adult`.
  var name: String {
    let stem = data.source.map { URL(filePath: $0).deletingPathExtension().lastPathComponent } ?? ""
    return "\(task)-\(model?.name ?? stem)"
  }

  // The recipe's entries stand beside the others: `settings.epochs`.
  private enum Field: String, CodingKey { case task, seed, model, data, logs }

  func encode(to encoder: any Encoder) throws {
    try recipe.encode(to: encoder)
    var fields = encoder.container(keyedBy: Field.self)
    try fields.encode(task, forKey: .task)
    try fields.encode(seed, forKey: .seed)
    try fields.encodeIfPresent(model, forKey: .model)
    try fields.encode(data, forKey: .data)
    try fields.encode(logs, forKey: .logs)
  }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    task = try fields.decode(TaskName.self, forKey: .task)
    recipe = try Recipe(from: decoder)
    seed = try fields.decode(UInt64.self, forKey: .seed)
    model = try fields.decodeIfPresent(NetworkName.self, forKey: .model)
    data = try fields.decode(DataChoice.self, forKey: .data)
    logs = try fields.decode(Logs.self, forKey: .logs)
  }
}

extension Settings {
  /// Why no run can follow them; nil where one can.
  var problem: String? {
    if let problem = recipe.problem { return problem }
    if model?.ofLongTexts == .gpt, recipe.width % recipe.heads != 0 { return "heads must divide the width" }
    if let folds = data.folds, !Self.folds.contains(folds) { return "folds must be in \(Self.folds)" }
    return nil
  }

  static let folds = 2...1000

  /// What a task can't do without.
  ///
  /// - Parameter place: Where it stands, or what it is.
  static func required<Value>(_ value: Value?, _ place: String) throws(ResumeError) -> Value {
    guard let value else { throw ResumeError("the run's config.json lacks \(place): it was changed or damaged") }
    return value
  }
}

/// What stands in `config.json`.
struct RunConfiguration: Codable {
  let settings: Settings
  let data: DataDescription
  /// What pictures go through on their way to the network; nil for tables.
  let preparation: PicturePreparation?
  let environment: EnvironmentDescription

  struct DataDescription: Codable, Equatable {
    let trainingSamples: Int
    let testSamples: Int
    /// Of all files, or pictures and labels.
    let sha256: String
    /// What was found, and what was left out.
    let report: InputReport
  }

  struct EnvironmentDescription: Codable, Equatable {
    let started: String
    let threads: Int
    let glassbox: String
    let swift: String
    let matrixLibrary: String
    let instructionSet: String
  }

  init(_ settings: Settings, _ data: any TaskData) {
    self.settings = settings
    self.data = data.description
    preparation = data.preparation
    environment = EnvironmentDescription(
      started: Clock.iso8601, threads: Runtime.threads, glassbox: Version.glassbox, swift: Version.swift,
      matrixLibrary: Runtime.matrixLibrary, instructionSet: Runtime.instructionSet)
  }

  /// Before data is read for it.
  func requirePossible(_ folder: URL) throws(ResumeError) {
    if let problem = settings.problem {
      let path = folder.path(percentEncoded: false)
      throw ResumeError("config.json of \(path) holds settings that can't be (\(problem)): it was changed or damaged")
    }
  }

  /// A run can go on only with the data and, to the same bits, only with the arithmetic that it was begun with.
  func requireSame(_ data: any TaskData, _ folder: URL) throws(ResumeError) {
    let path = folder.path(percentEncoded: false)
    if self.data.sha256 != data.description.sha256 {
      throw ResumeError(
        "\(path) was begun with other data (SHA-256 \(self.data.sha256), now \(data.description.sha256))")
    }
    if self.data.trainingSamples != data.description.trainingSamples {
      throw ResumeError("\(path) is a fold of a cross-validation: go on with the run that it is a part of")
    }
    let before = "\(environment.matrixLibrary), \(environment.instructionSet)"
    if before != Version.libraries {
      Output.error(
        "glassbox: note: the run was begun with \(before), this is \(Version.libraries): last bits may differ.")
    }
  }

  /// What a model's file notes.
  var details: [String: String] {
    [
      "task": settings.task.rawValue, "seed": "\(settings.seed)", "data_sha256": data.sha256,
      "glassbox": environment.glassbox, "started": environment.started,
    ]
  }
}

/// A run that can't be resumed like this.
struct ResumeError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description + "." }
}

/// Dates as text.
enum Clock {
  /// For a folder's name, in local time: 20260102-030405.
  static var stamp: String { format("%Y%m%d-%H%M%S", utc: false) }

  static var iso8601: String { format("%Y-%m-%dT%H:%M:%SZ", utc: true) }

  private static func format(_ pattern: String, utc: Bool) -> String {
    var now = time(nil)
    var parts = tm()
    if utc { gmtime_r(&now, &parts) } else { localtime_r(&now, &parts) }
    var text = [CChar](repeating: 0, count: 64)
    let count = strftime(&text, text.count, pattern, &parts)
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
