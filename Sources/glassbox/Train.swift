import ArgumentParser
import Foundation
import Learning
import TensorCore

struct Train: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a classifier of hand-written digits, and test it on digits that it has not seen.",
    discussion: """
      Every run writes a folder: config.json, metrics.jsonl (a line an epoch), result.json, and the checkpoints \
      latest.safetensors and best.safetensors. Ctrl-C stops after the batch at work and saves; --resume goes on from there, \
      and ends with the very bits that an uninterrupted run ends with. The same seed gives the same bits, whatever the \
      number of threads.

      The learning rate rises to its highest value during the first twentieth of the steps, then falls along a cosine to 0.

      Defaults:

      \(Recipe.table.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))

      Examples:

        glassbox train
        glassbox train mnist --model mlp --epochs 5
        glassbox train --resume runs/mnist-lenet-20260102-030405
      """)

  @Argument(
    help: """
      digits: 1,797 pictures of 8×8 from UCI, part of the program. mnist: 70,000 pictures of 28×28, downloaded at the first \
      time to $GLASSBOX_DATA/mnist (else ~/.cache/glassbox/mnist). (default: digits)
      """)
  var task: TaskName?

  @Option(
    parsing: .unconditional,
    help: """
      lenet: LeNet-5, two convolutions and three affine layers, fitted to the picture's size. mlp: affine layers with \
      rectifiers, 64-128-64-10 for digits, 784-512-256-10 for mnist. (default: lenet)
      """)
  var model: ModelName?

  @Option(parsing: .unconditional, help: ArgumentHelp("How often to go through the training data. (default: see above)", valueName: "n"))
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
    help: ArgumentHelp("How many threads to use; the result does not depend on it. (default: one a core)", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp("The run's folder; must be new or empty. (default: runs/<task>-<model>-<time>)", valueName: "dir"))
  var output: String?

  @Option(
    help: ArgumentHelp("Go on with the run in this folder. Only --threads may be given besides.", valueName: "dir"))
  var resume: String?

  func validate() throws {
    try require(epochs.map { $0 >= 1 }, "--epochs must be 1 or more")
    try require(batchSize.map { $0 >= 1 }, "--batch-size must be 1 or more")
    try require(learningRate.map { $0 > 0 && $0.isFinite }, "--learning-rate must be more than 0")
    try require(threads.map { (1...1024).contains($0) }, "--threads must be in 1...1024")
    try require(output.map { !$0.isEmpty }, "--output must name a folder")
    try require(resume.map { !$0.isEmpty }, "--resume must name a folder")
    try require(resume.map { _ in output == nil }, "--resume goes on in the run's own folder: --output can't be given with it")
  }

  private func require(_ holds: Bool?, _ rule: String) throws {
    if holds == false { throw ValidationError(rule) }
  }

  func run() async throws {
    if let threads { Runtime.threads = threads }
    if let resume {
      try await resumeRun(in: URL(filePath: resume, directoryHint: .isDirectory))
    } else {
      try await startRun()
    }
  }

  private func startRun() async throws {
    let settings = Settings(
      task: task ?? .digits, model: model, epochs: epochs, batchSize: batchSize, learningRate: learningRate,
      optimizer: optimizer, seed: seed)
    let data = try await LoadedData.load(settings.task)
    let configuration = RunConfiguration(settings, data)
    let session = TrainingSession(configuration, data)
    try session.begin(try createRun(configuration))
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

  /// Makes the folder that --output names, or one with the time in its name.
  private func createRun(_ configuration: RunConfiguration) throws -> TrainingRun {
    if let output {
      return try TrainingRun.create(at: URL(filePath: output, directoryHint: .isDirectory), configuration: configuration)
    }
    let name = "runs/\(configuration.settings.task)-\(configuration.settings.model)-\(Clock.stamp)"
    for number in 1... {
      do {
        let path = number == 1 ? name : "\(name)-\(number)"
        return try TrainingRun.create(at: URL(filePath: path, directoryHint: .isDirectory), configuration: configuration)
      } catch RunError.exists {
        continue
      }
    }
    throw RunError.exists(path: name)
  }
}
