import ArgumentParser
import Foundation
import Learning
import TensorCore

struct Train: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a classifier of hand-written digits, and test it on digits that it has not seen.",
    discussion: """
      Every run writes a folder: config.json, metrics.jsonl (a line an epoch), result.json, the checkpoints \
      latest.safetensors and best.safetensors, and charts of curves and confusions, in Vega-Lite and, where vl-convert is \
      at hand, SVG. Ctrl-C stops after the batch at work and saves; --resume goes on from \
      there, and ends with the very bits that an uninterrupted run ends with. The same seed gives the same bits, \
      whatever the number of threads: compare the SHA-256 of the weights that stands at the end.

      The learning rate rises to its highest value during the first twentieth of the steps, then falls along a cosine \
      to 0.

      Defaults:

      \(Recipe.table.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))

      Examples:

        glassbox train
        glassbox train mnist --model mlp --epochs 5
        glassbox train --resume runs/mnist-lenet-20260102-030405
      """)

  @Argument(
    help: """
      digits: 1,797 pictures of 8×8 from UCI, part of the program. mnist: 70,000 pictures of 28×28, downloaded at the \
      first time to $GLASSBOX_DATA/mnist (else ~/.cache/glassbox/mnist). (default: digits)
      """)
  var task: TaskName?

  @Option(
    parsing: .unconditional,
    help: """
      mlp: affine layers with rectifiers between, 64-128-64-10 for digits, 784-512-256-10 for mnist. lenet: LeNet-5, \
      two convolutions with pooling and three affine layers. (default: mlp for digits, lenet for mnist)
      """)
  var model: ModelName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How often to go through the training data. (default: see above)", valueName: "n"))
  var epochs: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Samples a step. (default: see above)", valueName: "n"))
  var batchSize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The highest learning rate. (default: 0.05 for sgd, 0.003 for adam and adamw)", valueName: "x"))
  var learningRate: Double?

  @Option(
    parsing: .unconditional,
    help: """
      sgd: with momentum 0.9 and weight decay 0.0005. adam: without weight decay. adamw: with weight decay 0.01. \
      (default: adamw)
      """)
  var optimizer: OptimizerName?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Decides all that is random: first weights, order of the samples. (default: 1)", valueName: "n"))
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many threads to use; the result does not depend on it. (default: one a core)", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The run's folder; must be new or empty. (default: runs/<task>-<model>-<time>)", valueName: "dir"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Go on with the run in this folder. Other options may be left out; only --threads may differ.", valueName: "dir"))
  var resume: String?

  func validate() throws {
    let counts = Settings.counts
    try require(epochs.map(counts.contains), "--epochs must be in \(counts)")
    try require(batchSize.map(counts.contains), "--batch-size must be in \(counts)")
    try require(learningRate.map { $0 > 0 && $0.isFinite }, "--learning-rate must be more than 0")
    try require(threads.map { (1...1024).contains($0) }, "--threads must be in 1...1024")
    try require(output.map { !$0.isEmpty }, "--output must name a folder")
    try require(resume.map { !$0.isEmpty }, "--resume must name a folder")
    try require(
      resume.map { _ in output == nil }, "--resume goes on in the run's own folder: --output can't be given with it")
  }

  private func require(_ holds: Bool?, _ rule: String) throws {
    if holds == false { throw ValidationError(rule) }
  }

  func run() async throws {
    if let threads { Runtime.threads = threads }
    if let resume {
      try await resumeRun(in: folder(resume))
    } else {
      try await startRun()
    }
  }

  private func startRun() async throws {
    // Before a download that may take minutes.
    if let output { try TrainingRun.requireVacancy(at: folder(output)) }
    let settings = Settings(
      task: task ?? .digits, model: model, epochs: epochs, batchSize: batchSize, learningRate: learningRate,
      optimizer: optimizer, seed: seed)
    let data = try await LoadedData.load(settings.task)
    let configuration = RunConfiguration(settings, data)
    let session = TrainingSession(configuration, data)
    try session.begin(try createRun(configuration, session.checkpoint))
  }

  private func resumeRun(in folder: URL) async throws {
    let run = try TrainingRun.open(at: folder)
    let configuration = try run.configuration(as: RunConfiguration.self)
    let settings = configuration.settings
    try settings.requireAgreement(with: self, folder)
    let data = try await LoadedData.load(settings.task)
    try configuration.requireSame(data, folder)
    try TrainingSession(configuration, data).resume(run)
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
    if let output { return try create(output) }
    let name = "runs/\(configuration.settings.task)-\(configuration.settings.model)-\(Clock.stamp)"
    // Several runs may begin in one second.
    for suffix in [""] + (2..<100).map({ "-\($0)" }) {
      do { return try create(name + suffix) } catch is RunError { continue }
    }
    throw RunError.exists(path: name)
  }
}
