import ClassicML
import EvaluationMetrics
import Foundation
import Learning
import NeuralNetworks
import NotebookDisplay
import Tables
import TensorCore

extension ResultPage {
  /// The page of an estimator that was fitted to a table: what it predicts for the rows to test on, how the candidates of a search did, and the columns
  /// that matter.
  ///
  /// - Parameters:
  ///   - importanceRows: How many of the test's rows, the first ones, the columns' importances are measured on.
  /// - Throws: What the predictor throws for such a table.
  public static func estimator(
    _ fit: TableFit, of task: TableTask, title: String, facts: [Fact] = [], scoring: Scoring = .own,
    importanceRows: Int = 1000, worst: Int = 20
  ) throws -> ResultPage {
    let predictions = try fit.predictor.predict(task.test).table
    let preparation = task.preparation
    let result: TableResult
    if preparation.classNames.isEmpty {
      result = .numbers(
        Self.scaled(predictions, preparation), task.testData.targets, preparation, task.test, worst: worst)
    } else if let logits = Self.logits(predictions, preparation) {
      result = .classes(logits, task.testData.targets, preparation, task.test, worst: worst)
    } else {
      result = .decisions(predictions[fit.predictor.targetColumn], task.testData.targets, preparation)
    }
    let importances = try columnImportances(fit.predictor, on: task.test.first(importanceRows))
    let sections =
      [.candidates(fit.candidates, best: fit.bestIndex, scoring)] + result.sections
      + [.importances(importances), result.worst, .inputs([InputSummary(task.report)])]
    return ResultPage(
      title: title,
      subtitle: "\(fit.predictor.targetColumn) of \(Double(task.test.rowCount).formattedInThousands) rows to test on",
      figures: result.figures, facts: facts, sections: sections.compactMap(\.self))
  }

  /// ln p of each class, [rows, classes]; nil where the predictor tells none.
  private static func logits(_ predictions: Table, _ preparation: TablePreparation) -> Tensor? {
    let columns = preparation.classNames.map { level in
      predictions.column("P(\(preparation.target?.column ?? "") = \(level))")?.numbers
    }
    let all = columns.compactMap(\.self)
    if all.count < columns.count { return nil }
    let p = Tensor(all.flatMap(\.self), shape: [all.count, predictions.rowCount], dtype: .float64)
    return p.transposed(0, 1).contiguous().clamped(to: 1e-300...1).log()
  }

  /// Predicted numbers on the scale that the preparation gives its targets, [rows, 1].
  private static func scaled(_ predictions: Table, _ preparation: TablePreparation) -> Tensor {
    guard case .number(let column, let scaler)? = preparation.target else { return Tensor.zeros([0, 1]) }
    let values = scaler.scaled(predictions[column].numbers)
    return Tensor(values, shape: [values.count, 1], dtype: .float64)
  }
}

extension TableResult {
  /// Of a classifier that tells no probabilities.
  fileprivate static func decisions(
    _ predicted: Column, _ targets: Tensor, _ preparation: TablePreparation
  ) -> TableResult {
    let names = preparation.classNames
    let classes = predicted.texts.map { names.firstIndex(of: $0 ?? "") ?? 0 }
    let matrix = measured(
      ConfusionMatrix(classes: names.count), Tensor(classes, shape: [classes.count]), targets)
    return TableResult(figures: .classes(matrix, loss: nil), sections: [.classes(matrix, names)], worst: nil)
  }
}

extension ResultPage.Section {
  /// How the candidates of a cross-validation did, the best first; nil without any.
  fileprivate static func candidates(_ candidates: [CandidateResult], best: Int, _ scoring: Scoring) -> Self? {
    guard let first = candidates.first else { return nil }
    let names = first.values.keys.sorted()
    let score = scoring == .own ? "score" : scoring.rawValue
    let order = candidates.indices.sorted {
      ($0 == best ? -.infinity : -candidates[$0].mean) < ($1 == best ? -.infinity : -candidates[$1].mean)
    }
    let rows = order.prefix(50).map { index in
      let one = candidates[index]
      return names.map { one.values[$0] ?? "" } + [
        one.mean.formatted(decimals: 4), one.deviation.formatted(decimals: 4), one.seconds.formatted(decimals: 2),
      ]
    }
    let shown = candidates.count > 50 ? " The best 50 of \(candidates.count)." : ""
    var blocks: [ResultPage.Block] = [
      .text(
        "Mean and deviation of the \(score) over \(first.scores.count) folds of the training rows; the first was then "
          + "fitted to all of them.\(shown)"),
      .grid(ResultPage.Grid(names + [score, "deviation", "seconds"], rows, textColumns: Set(names.indices))),
    ]
    if let plot = plot(candidates, names, score) { blocks.append(.plots([plot])) }
    return Self("Cross-validation", blocks)
  }

  /// The score by the value, where one number alone was varied: the mean and a deviation above and below.
  private static func plot(_ candidates: [CandidateResult], _ names: [String], _ score: String) -> ResultPage.Plot? {
    guard names.count == 1, let name = names.first else { return nil }
    let points = candidates.compactMap { one in one.values[name].flatMap(Double.init).map { (x: $0, result: one) } }
      .sorted { $0.x < $1.x }
    guard points.count == candidates.count, points.count > 2 else { return nil }
    // Values such as 0.01, 0.1, 1, 10 are steps of a scale.
    let isScale = points.allSatisfy { $0.x > 0 } && points[points.count - 1].x >= 50 * points[0].x
    func series(_ title: String, _ value: (CandidateResult) -> Double) -> ResultPage.Series {
      ResultPage.Series(title, points.map { (x: isScale ? log10($0.x) : $0.x, y: value($0.result)) })
    }
    return ResultPage.Plot(
      "Score by \(name)", x: isScale ? "log₁₀ \(name)" : name, y: score,
      [
        series("mean") { $0.mean }, series("+ deviation") { $0.mean + $0.deviation },
        series("− deviation") { $0.mean - $0.deviation },
      ])
  }
}
