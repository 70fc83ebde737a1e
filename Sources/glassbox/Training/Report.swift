import Applications
import DataPipelines
import EvaluationMetrics
import Foundation
import Learning
import NeuralNetworks
import NotebookDisplay
import TensorCore

/// What a run tells at its beginning and end.
enum Report {
  static func beginning(_ configuration: RunConfiguration, _ learner: Learner, _ run: TrainingRun) {
    let (settings, data) = (configuration.settings, configuration.data)
    let recipe = settings.recipe
    let parameters = thousands(learner.model.parameterCount)
    let name = settings.model?.name ?? "a network of layers \(recipe.hidden)"
    Output.line("Glassbox \(Version.glassbox): \(settings.task), \(name) with \(parameters) parameters")
    let test = settings.data.folds.map { "tested in \($0) parts" } ?? "\(thousands(data.testSamples)) for the test"
    Output.line("data       \(thousands(data.trainingSamples)) samples for training, \(test)")
    for line in data.report.notes { Output.line("           \(line)") }
    Output.line(
      "training   \(recipe.totalEpochs) epochs of \(thousands(learner.data.training.batchCount)) batches of "
        + "\(recipe.batchSize), seed \(settings.seed)")
    Output.line(
      "optimiser  \(recipe.optimizer), learning rate up to \(recipe.learningRate) (\(recipe.course.rawValue))")
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
    _ result: RunResult, _ outcome: TestOutcome, _ run: TrainingRun, _ charts: [String], seconds: Double, folds: Int,
    use: (String) -> String
  ) {
    Output.line("trained    in \(seconds.formatted(decimals: 1)) s")
    Output.line()
    for (name, value) in outcome.figures where outcome.confusion == nil || !["accuracy", "loss"].contains(name) {
      let mean = folds == 0 ? "" : " (mean of \(folds) folds)"
      Output.line("test \(name) \(value.formatted(decimals: 4))\(mean)")
    }
    if let confusion = outcome.confusion {
      let (correct, samples) = (thousands(confusion.correct), thousands(confusion.samples))
      Output.line("test accuracy \(percent(confusion.accuracy)) (\(correct) of \(samples))")
      Output.line()
      Output.line("\(confusion.report(names: outcome.names))")
      Output.line()
      Output.line(confusion.table(names: outcome.names))
    }
    Output.line()
    Output.line("weights    \(result.weightsSha256)")
    if !charts.isEmpty { Output.line("charts     \(charts.joined(separator: ", "))") }
    Output.line("saved in   \(path(run)), with a page of results: report.html")
    Output.line("to use it  \(use(quoted(path(run))))")
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

extension InputReport {
  /// What was left out or filled, a line each; nothing where all was in order.
  fileprivate var notes: [Substring] { description.split(separator: "\n").dropFirst().map { $0.dropFirst(2) } }
}

func percent(_ share: Double) -> String { "\((100 * share).formatted(decimals: 2))%" }
