import Applications
import ArgumentParser
import Foundation
import Learning
import TensorCore

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a network on pictures, a table or texts, and test it on what it has not seen.",
    discussion: """
      Every run writes a folder: config.json, metrics.jsonl (a line an epoch), result.json, the checkpoints \
      latest.safetensors and best.safetensors, model.safetensors (the network with all that 'glassbox predict' needs), \
      report.html (a page of results: figures, curves, wrong answers, what was left out of the data), and charts of curves and confusions, in Vega-Lite and, where vl-convert is \
      at hand, SVG. Ctrl-C stops after the batch at work and saves; --resume goes on from \
      there, and ends with the very bits that an uninterrupted run ends with. The same seed gives the same bits, \
      whatever the number of threads: compare the SHA-256 of the weights that stands at the end.

      Without a subcommand it is digits that are learnt. 'glassbox train SUBCOMMAND --help' tells the options.

      Examples:

        glassbox train
        glassbox train mnist --model resnet
        glassbox train images photos --epochs 20
        glassbox train images letters --pretrained runs/images-resnet-20260102-030405 --labels 0.1
        glassbox train table adult.data --target income
        glassbox train sentiment --model cnn
        glassbox train text novel.txt
        glassbox train recommend --model svdpp --folds 5
        glassbox train --resume runs/mnist-lenet-20260102-030405
      """,
    subcommands: [
      TrainDigits.self, TrainMNIST.self, TrainImages.self, TrainTable.self, TrainSentiment.self, TrainText.self,
      TrainRecommend.self,
    ],
    defaultSubcommand: TrainDigits.self)
}

/// What all subcommands of `train` do: start a run, or go on with one.
protocol TrainingCommand: AsyncParsableCommand {
  static var task: TaskName { get }
  var training: TrainingOptions { get }
  /// What a new run is to do.
  func settings() throws -> Settings
  /// Options given with --resume must say what the run was begun with.
  func requireAgreement(_ check: Agreement) throws
}

extension TrainingCommand {
  mutating func run() async throws {
    if let threads = training.threads { Runtime.threads = threads }
    if let resume = training.resume {
      try await resumeRun(in: folder(resume))
    } else {
      try await startRun()
    }
  }

  private func startRun() async throws {
    let settings = try settings()
    if let problem = settings.problem { throw ValidationError(problem) }
    // Before a download that may take minutes.
    if let output = training.output { try TrainingRun.requireVacancy(at: folder(output)) }
    let data = try await settings.loadData()
    let configuration = RunConfiguration(settings, data)
    let session = try TrainingSession(configuration, data)
    try session.begin(try createRun(configuration, session.checkpoint))
  }

  private func resumeRun(in folder: URL) async throws {
    let run = try TrainingRun.open(at: folder)
    let configuration = try run.configuration(as: RunConfiguration.self)
    let settings = configuration.settings
    let check = Agreement(settings: settings, folder: folder)
    // 'train --resume' goes on with any run.
    let isNamed = GlassboxCommand.path(of: Array(CommandLine.arguments.dropFirst())).count > 1
    if isNamed { try check("the task", Self.task, settings.task) }
    try training.requireAgreement(check)
    try requireAgreement(check)
    try configuration.requirePossible(folder)
    let data = try await settings.loadData(preparation: configuration.preparation)
    try configuration.requireSame(data, folder)
    try TrainingSession(configuration, data, isResumed: true).resume(run)
  }

  /// Without a slash at the end, so that messages name it as it is.
  private func folder(_ path: String) -> URL {
    let name = path.reversed().drop { $0 == "/" }.reversed()
    return URL(filePath: name.isEmpty ? "/" : String(name), directoryHint: .notDirectory)
  }

  /// Makes the folder that --output names, or one with the time in its name.
  private func createRun(_ configuration: RunConfiguration, _ checkpoint: Checkpoint) throws -> TrainingRun {
    func create(_ path: String) throws -> TrainingRun {
      try TrainingRun.create(
        at: folder(path), configuration: configuration, checkpoint: checkpoint)
    }
    if let output = training.output { return try create(output) }
    let name = "runs/\(configuration.settings.name)-\(Clock.stamp)"
    // Several runs may begin in one second.
    for suffix in [""] + (2..<100).map({ "-\($0)" }) {
      do { return try create(name + suffix) } catch is RunError { continue }
    }
    throw RunError.exists(path: name)
  }
}

/// Compares options with those that a run was begun with.
struct Agreement {
  let settings: Settings
  let folder: URL

  /// - Parameter given: nil for an option that was left out.
  func callAsFunction<Value: Equatable>(_ option: String, _ given: Value?, _ own: Value?) throws(ResumeError) {
    guard let given, given != own else { return }
    let before = own.map { " \($0)" } ?? " left out"
    throw ResumeError("\(folder.path(percentEncoded: false)) was begun with \(option)\(before), not \(given)")
  }
}

/// A path as it will be found from any folder.
func wholePath(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path(percentEncoded: false) }
