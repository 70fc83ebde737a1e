import Applications
import EvaluationMetrics
import Foundation
import Learning

/// The folds of a run's cross-validation. Each is a run of its own, in folds/1, folds/2, … of the run's folder: so one that was stopped goes on, one that has
/// ended is not done again, and each has its page of results.
struct FoldRuns {
  let configuration: RunConfiguration
  let folds: [any TaskData]

  /// What came of each, those that are still to be trained trained. Each is told as it comes.
  func results(in run: TrainingRun) throws -> [RunResult] {
    try folds.enumerated().map { index, fold in
      let folder = run.folder.appending(path: "folds/\(index + 1)", directoryHint: .notDirectory)
      Output.line("fold \(index + 1) of \(folds.count)")
      let result = try result(of: fold, in: folder)
      Output.line("  \(RunResult.words(result.orderedFigures))")
      return result
    }
  }

  private func result(of fold: any TaskData, in folder: URL) throws -> RunResult {
    let own = RunConfiguration(configuration.settings, fold)
    let session = try TrainingSession(own, fold)
    // A folder that was only just being made holds nothing to go on with.
    let isBegun = FileManager.default.fileExists(
      atPath: folder.appending(path: "config.json").path(percentEncoded: false))
    guard isBegun else {
      try? FileManager.default.removeItem(at: folder)
      let run = try TrainingRun.create(at: folder, configuration: own, checkpoint: session.checkpoint)
      return try session.train(run).result
    }
    let run = try TrainingRun.open(at: folder)
    if let result = try run.result(as: RunResult.self) { return result }
    try session.restore(run)
    return try session.train(run).result
  }
}

extension RunResult {
  /// The error that ratings are judged by first, and then by name.
  var orderedFigures: [(name: String, value: Double)] {
    let ordered = figures.sorted { ($0.key == "RMSE" ? "" : $0.key) < ($1.key == "RMSE" ? "" : $1.key) }
    return ordered.map { ($0.key, $0.value) }
  }

  static func words(_ figures: [(name: String, value: Double)]) -> String {
    figures.map { "\($0.name) \($0.value.formatted(decimals: 4))" }.joined(separator: "  ")
  }
}

extension TestOutcome {
  /// The means over the folds.
  init(meanOf folds: [RunResult]) {
    let names = folds.first?.orderedFigures.map(\.name) ?? []
    self.init(
      figures: names.map { name in
        (name, folds.reduce(0) { $0 + ($1.figures[name] ?? .nan) } / Double(folds.count))
      }, confusion: nil, names: [])
  }
}

extension ResultPage {
  /// With what came of the folds: their means as figures, and a section with each.
  func adding(_ folds: [RunResult]) -> ResultPage {
    if folds.isEmpty { return self }
    let mean = TestOutcome(meanOf: folds).figures
    var page = self
    page.figures = mean.map { Figure($0.name, $0.value, greaterIsBetter: !["RMSE", "MAE"].contains($0.name)) }
    let rows = folds.enumerated().map { index, fold in
      ["\(index + 1)"] + mean.map { (fold.figures[$0.name] ?? .nan).formatted(decimals: 4) }
    }
    let grid = Grid(
      ["fold"] + mean.map(\.name), rows + [["mean"] + mean.map { $0.value.formatted(decimals: 4) }])
    let text = """
      Each part of the data was tested on by a model that had learned from the others; each fold's own page is folds/N/report.html. \
      The model of this page has learned from all.
      """
    let bars = folds.enumerated().map { Bar("fold \($0 + 1)", $1.figures[mean[0].name] ?? .nan) }
    let section = Section("Cross-validation", [.text(text), .grid(grid), .text(mean[0].name), .bars(bars)])
    page.sections.insert(section, at: 0)
    return page
  }
}
