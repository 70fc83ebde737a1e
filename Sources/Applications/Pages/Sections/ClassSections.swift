import EvaluationMetrics
import NotebookDisplay
import TensorCore

extension ResultPage.Section {
  /// The most classes whose matrix and curves can be read on a page.
  private static let mostShown = 30

  /// Which classes were taken for which, the worst pairs, and each class' scores.
  static func classes(_ matrix: ConfusionMatrix, _ names: [String]) -> Self {
    let scores = matrix.report(names: names).rows.map { row(of: $0.scores, $0.name) }
    let grid = ResultPage.Block.grid(
      ResultPage.Grid(
        ["class", "precision", "recall", "F1", "samples"],
        scores + [row(of: matrix.macroAverage, "mean of the classes")]))
    var blocks: [ResultPage.Block] =
      matrix.classes <= mostShown
      ? [.beside([.confusion(ResultPage.Confusion(matrix, names: names)), grid])]
      : [.folded("Scores of all \(matrix.classes) classes", [grid])]
    let pairs = matrix.confusedPairs()
    // Of few classes, the matrix says it all.
    if matrix.classes > 3, !pairs.isEmpty {
      let supports = matrix.supports
      let rows = pairs.prefix(10).map { pair in
        [
          names[pair.target], names[pair.prediction], "\(pair.count)",
          (Double(pair.count) / Double(max(1, supports[pair.target]))).percentage,
        ]
      }
      blocks += [
        .text("The most frequent mistakes:"),
        .grid(ResultPage.Grid(["is", "taken for", "times", "of its class"], rows, textColumns: [0, 1])),
      ]
    }
    return Self("Classes", blocks)
  }

  private static func row(of scores: ClassScores, _ name: String) -> [String] {
    [name] + [scores.precision, scores.recall, scores.f1].map(\.percentage) + [
      Double(scores.support).formattedInThousands
    ]
  }
}

extension [ResultPage.Figure] {
  /// Accuracy, loss, F1 and the number of mistakes.
  static func classes(_ matrix: ConfusionMatrix, loss: Double?) -> [ResultPage.Figure] {
    let figures = [
      ResultPage.Figure("accuracy", matrix.accuracy, as: .percent),
      ResultPage.Figure("macro F1", matrix.macroAverage.f1, as: .percent),
    ]
    return figures + (loss.map { [ResultPage.Figure("loss", $0, greaterIsBetter: false)] } ?? [])
      + [
        ResultPage.Figure(
          "wrong of \(Double(matrix.samples).formattedInThousands)", Double(matrix.samples - matrix.correct),
          as: .count,
          greaterIsBetter: false)
      ]
  }

  /// With the numbers that are aimed at, by the figures' names. Stops for a name that no figure has.
  func aimed(at aims: [String: Double], _ op: String) -> [ResultPage.Figure] {
    let names = map(\.name)
    if let strange = aims.keys.sorted().first(where: { !names.contains($0) }) {
      stop(op, "\"\(strange)\" is no figure of this page", fix: "aim at \(names.joined(separator: ", "))")
    }
    return map { figure in
      var figure = figure
      figure.aim = aims[figure.name]
      return figure
    }
  }
}
