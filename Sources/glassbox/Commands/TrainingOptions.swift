import Applications
import ArgumentParser
import DataPipelines
import TensorCore

extension Recipe.Optimizer: ExpressibleByArgument {}
extension BadInputHandling: ExpressibleByArgument {}

/// The options of every training.
struct TrainingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How often to go through the training data. (default: see above)", valueName: "n"))
  var epochs: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Samples a step. (default: see above)", valueName: "n"))
  var batchSize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The highest learning rate. (default: see above; with another optimizer than there, 0.05 for sgd, 0.003 for others)",
      valueName: "x"))
  var learningRate: Double?

  @Option(
    parsing: .unconditional,
    help: """
      sgd: with momentum 0.9 and weight decay 0.0005. adam: without weight decay. adamw: with weight decay 0.01. \
      (default: see above)
      """)
  var optimizer: Recipe.Optimizer?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Decides all that is random: first weights, order of the samples, augmentations, what is held out. (default: 1)",
      valueName: "n"))
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How many threads to use; the result does not depend on it. (default: one a core)", valueName: "n"))
  var threads: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("End after so many epochs that brought nothing better.", valueName: "n"))
  var earlyStopping: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Scale a step's gradients down to this norm where it is greater.", valueName: "norm"))
  var clip: Double?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Make a step of so many batches. (default: 1)", valueName: "n"))
  var accumulate: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Test, and end with, an exponential mean of the weights with this decay.", valueName: "x"))
  var average: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The share of a target that is spread over all classes. (default: see above)", valueName: "x"))
  var labelSmoothing: Double?

  @Flag(help: "Compute products in bfloat16; fast on processors with AVX512_BF16.")
  var mixedPrecision = false

  @Flag(help: "Also write what TensorBoard shows, into the run's folder tensorboard.")
  var tensorboard = false

  @Flag(help: "Also write metrics.csv, a row an epoch.")
  var csv = false

  @Option(
    help: ArgumentHelp(
      "The run's folder; must be new or empty. (default: runs/<task>-<model>-<time>)", valueName: "dir"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Go on with the run in this folder. Other options may be left out; only --threads may differ.", valueName: "dir"))
  var resume: String?

  /// What --epochs and --batch-size may be.
  private static let counts = 1...1_000_000

  func validate() throws {
    let counts = Self.counts
    try require(epochs.map(counts.contains), "--epochs must be in \(counts)")
    try require(batchSize.map(counts.contains), "--batch-size must be in \(counts)")
    try require(accumulate.map(counts.contains), "--accumulate must be in \(counts)")
    try require(earlyStopping.map(counts.contains), "--early-stopping must be in \(counts)")
    try require(learningRate.map { $0 > 0 && $0.isFinite }, "--learning-rate must be more than 0")
    try require(clip.map { $0 > 0 && $0.isFinite }, "--clip must be more than 0")
    try require(average.map { (0..<1).contains($0) }, "--average must be in 0..<1")
    try require(labelSmoothing.map { (0..<1).contains($0) }, "--label-smoothing must be in 0..<1")
    try require(threads.map { (1...1024).contains($0) }, "--threads must be in 1...1024")
    try require(output.map { !$0.isEmpty }, "--output must name a folder")
    try require(resume.map { !$0.isEmpty }, "--resume must name a folder")
    try require(
      resume.map { _ in output == nil }, "--resume goes on in the run's own folder: --output can't be given with it")
  }

  /// For tasks without classes, whose targets have no smoothing.
  func requireNoClasses() throws {
    try require(labelSmoothing == nil || resume != nil, "--label-smoothing is for classes, and here are none")
  }

  /// The recipe with what was asked for.
  func applied(to recipe: Recipe) -> Recipe {
    var recipe = optimizer.map { recipe.using($0) } ?? recipe
    if let epochs { recipe.epochs = epochs }
    if let batchSize { recipe.batchSize = batchSize }
    if let learningRate { recipe.learningRate = learningRate }
    if let labelSmoothing { recipe.labelSmoothing = labelSmoothing }
    if let accumulate { recipe.accumulation = accumulate }
    if let clip { recipe.clipping = clip }
    if let average { recipe.averaging = average }
    if let earlyStopping { recipe.patience = earlyStopping }
    if mixedPrecision { recipe.mixedPrecision = true }
    return recipe
  }

  var logs: Settings.Logs { Settings.Logs(tensorboard: tensorboard, csv: csv) }

  func requireAgreement(_ check: Agreement) throws {
    let (settings, recipe) = (check.settings, check.settings.recipe)
    try check("--epochs", epochs, recipe.epochs)
    try check("--batch-size", batchSize, recipe.batchSize)
    try check("--learning-rate", learningRate, recipe.learningRate)
    try check("--optimizer", optimizer, recipe.optimizer)
    try check("--seed", seed, settings.seed)
    try check("--label-smoothing", labelSmoothing, recipe.labelSmoothing)
    try check("--accumulate", accumulate, recipe.accumulation)
    try check("--clip", clip, recipe.clipping)
    try check("--average", average, recipe.averaging)
    try check("--early-stopping", earlyStopping, recipe.patience)
    try check("--mixed-precision", mixedPrecision ? true : nil, recipe.mixedPrecision)
    try check("--tensorboard", tensorboard ? true : nil, settings.logs.tensorboard)
    try check("--csv", csv ? true : nil, settings.logs.csv)
  }
}

func require(_ holds: Bool?, _ rule: String) throws {
  if holds == false { throw ValidationError(rule) }
}
