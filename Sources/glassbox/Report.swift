import DataPipelines
import EvaluationMetrics
import Foundation
import Learning
import NeuralNetworks
import NotebookDisplay
import TensorCore

/// What a run tells at its beginning and end.
enum Report {
  static func beginning(
    _ configuration: RunConfiguration, _ model: any Layer, _ loader: DataLoader<Never>, _ run: TrainingRun
  ) {
    let settings = configuration.settings
    let data = configuration.data
    let parameters = thousands(model.parameterCount)
    Output.line("Glassbox \(Version.glassbox): \(settings.task), \(settings.model) with \(parameters) parameters")
    Output.line(
      "data       \(thousands(data.trainingSamples)) samples for training, \(thousands(data.testSamples)) for the test")
    Output.line(
      "training   \(settings.epochs) epochs of \(thousands(loader.batchCount)) batches of \(settings.batchSize), "
        + "seed \(settings.seed)")
    Output.line(
      "optimiser  \(settings.optimizer), learning rate up to \(settings.learningRate) (warm-up, then a cosine)")
    Output.line("machine    \(Runtime.threads) thread\(Runtime.threads == 1 ? "" : "s"), \(Version.libraries)")
    Output.line("run        \(path(run))")
  }

  static func resumption(_ position: TrainingPosition) {
    Output.line("resumed    after \(place(position))")
  }

  static func interruption(_ position: TrainingPosition, _ run: TrainingRun) {
    Output.line("Stopped after \(place(position)); everything is saved. To go on:")
    Output.line("  glassbox train --resume \(quoted(path(run)))")
  }

  static func end(
    _ result: RunResult, _ evaluation: Evaluation, _ names: [String], _ run: TrainingRun, _ charts: [String],
    seconds: Double
  ) {
    let confusion = evaluation.confusion
    Output.line("trained    in \(seconds.formatted(decimals: 1)) s")
    Output.line()
    let (correct, samples) = (thousands(confusion.correct), thousands(confusion.samples))
    Output.line("test accuracy \(percent(confusion.accuracy)) (\(correct) of \(samples))")
    Output.line()
    Output.line("\(confusion.report(names: names))")
    Output.line()
    Output.line(confusion.table(names: names))
    Output.line()
    Output.line("weights    \(result.weightsSha256)")
    if !charts.isEmpty { Output.line("charts     \(charts.joined(separator: ", "))") }
    Output.line("saved in   \(path(run))")
  }

  private static func place(_ position: TrainingPosition) -> String {
    position.batch == 0 ? "epoch \(position.epoch)" : "batch \(position.batch) of epoch \(position.epoch + 1)"
  }

  private static func thousands(_ number: Int) -> String { Double(number).formattedInThousands }

  /// As it was given.
  private static func path(_ run: TrainingRun) -> String { run.folder.relativePath }

  /// As a shell takes it.
  private static func quoted(_ path: String) -> String {
    let plain = path.allSatisfy { $0.isLetter || $0.isNumber || "/._-+=:,@%".contains($0) }
    return plain ? path : "'" + path.replacing("'", with: "'\\''") + "'"
  }
}

func percent(_ share: Double) -> String { "\((100 * share).formatted(decimals: 2))%" }
