import Foundation
import Learning
import Optimizers
import TensorCore

/// What a run was asked to do, defaults filled in.
struct Settings: Codable {
  let task: TaskName
  let model: ModelName
  let epochs: Int
  let batchSize: Int
  /// The highest of the schedule.
  let learningRate: Double
  let optimizer: OptimizerName
  let momentum: Double
  let weightDecay: Double
  let seed: UInt64

  init(
    task: TaskName, model: ModelName?, epochs: Int?, batchSize: Int?, learningRate: Double?, optimizer: OptimizerName?,
    seed: UInt64?
  ) {
    self.task = task
    self.model = model ?? Recipe.model(for: task)
    let recipe = Recipe(task, self.model)
    self.epochs = epochs ?? recipe.epochs
    self.batchSize = batchSize ?? recipe.batchSize
    self.optimizer = optimizer ?? recipe.optimizer
    self.learningRate = learningRate ?? Recipe.learningRate(for: self.optimizer)
    momentum = self.optimizer == .sgd ? 0.9 : 0
    weightDecay = Recipe.weightDecay(for: self.optimizer)
    self.seed = seed ?? 1
  }

  /// Whether all numbers are such as the options may give.
  var arePossible: Bool {
    Settings.counts.contains(epochs) && Settings.counts.contains(batchSize) && learningRate > 0 && learningRate.isFinite
      && (0..<1).contains(momentum) && weightDecay >= 0 && weightDecay.isFinite
  }

  /// What --epochs and --batch-size may be.
  static let counts = 1...1_000_000

  /// Options given with --resume must say what the run was begun with.
  func requireAgreement(with options: Train, _ folder: URL) throws(ResumeError) {
    let path = folder.path(percentEncoded: false)
    func check<Value: Equatable>(_ option: String, _ given: Value?, _ own: Value) throws(ResumeError) {
      if let given, given != own { throw ResumeError("\(path) was begun with \(option) \(own), not \(given)") }
    }
    try check("the task", options.task, task)
    try check("--model", options.model, model)
    try check("--epochs", options.epochs, epochs)
    try check("--batch-size", options.batchSize, batchSize)
    try check("--learning-rate", options.learningRate, learningRate)
    try check("--optimizer", options.optimizer, optimizer)
    try check("--seed", options.seed, seed)
  }
}

/// What stands in `config.json`.
struct RunConfiguration: Codable {
  let settings: Settings
  let schedule: Schedule
  let data: DataDescription
  let environment: EnvironmentDescription

  struct DataDescription: Codable, Equatable {
    let trainingSamples: Int
    let testSamples: Int
    /// Of all pictures and labels.
    let sha256: String
  }

  struct EnvironmentDescription: Codable, Equatable {
    let started: String
    let threads: Int
    let glassbox: String
    let swift: String
    let matrixLibrary: String
    let instructionSet: String
  }

  init(_ settings: Settings, _ data: LoadedData) {
    self.settings = settings
    self.data = data.description
    let steps = settings.epochs * ((data.train.count + settings.batchSize - 1) / settings.batchSize)
    schedule = .warmUpThenCosine(peak: settings.learningRate, warmUp: steps / 20, steps: steps)
    environment = EnvironmentDescription(
      started: Clock.iso8601, threads: Runtime.threads, glassbox: Version.glassbox, swift: Version.swift,
      matrixLibrary: Runtime.matrixLibrary, instructionSet: Runtime.instructionSet)
  }

  /// A run can go on only with the data and, to the same bits, only with the arithmetic that it was begun with.
  func requireSame(_ data: LoadedData, _ folder: URL) throws(ResumeError) {
    let path = folder.path(percentEncoded: false)
    if self.data != data.description {
      throw ResumeError(
        "\(path) was begun with other data (SHA-256 \(self.data.sha256), now \(data.description.sha256))")
    }
    guard settings.arePossible else {
      throw ResumeError("config.json of \(path) holds settings that can't be: it was changed or damaged")
    }
    let before = "\(environment.matrixLibrary), \(environment.instructionSet)"
    if before != Version.libraries {
      Output.error(
        "glassbox: note: the run was begun with \(before), this is \(Version.libraries): last bits may differ.")
    }
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
