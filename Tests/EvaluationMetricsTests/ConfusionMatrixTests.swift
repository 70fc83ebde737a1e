import EvaluationMetrics
import NotebookDisplay
import TensorCore
import Testing

@Suite("Confusion matrix")
struct ConfusionMatrixTests {
  /// Labels, predictions and figures as scikit-learn 1.9.1 gives them (precision_recall_fscore_support,
  /// zero_division=0).
  private static let matrix: ConfusionMatrix = try! {
    var matrix = ConfusionMatrix(classes: 4)
    try matrix.add(predictions: Tensor([0, 0, 1, 1, 2, 2]), targets: Tensor([0, 0, 0, 1, 1, 2]))
    try matrix.add(predictions: Tensor([2, 0, 2, 1]), targets: Tensor([2, 2, 2, 3]))
    return matrix
  }()

  @Test("rows are true classes, columns predicted ones")
  func counts() {
    #expect(Self.matrix.counts == [[2, 1, 0, 0], [0, 1, 1, 0], [1, 0, 3, 0], [0, 1, 0, 0]])
    #expect(Self.matrix.samples == 10)
    #expect(Self.matrix.correct == 6)
    #expect(Self.matrix.accuracy == 0.6)
  }

  @Test("precision, recall and F1 are scikit-learn's, 0 for a class that is never predicted")
  func scores() {
    let expected = [
      (2.0 / 3, 2.0 / 3, 2.0 / 3, 3), (1.0 / 3, 0.5, 0.4, 2), (0.75, 0.75, 0.75, 4), (0.0, 0.0, 0.0, 1),
    ]
    for (index, (precision, recall, f1, support)) in expected.enumerated() {
      let scores = Self.matrix.scores(of: index)
      #expect(abs(scores.precision - precision) < 1e-15)
      #expect(abs(scores.recall - recall) < 1e-15)
      #expect(abs(scores.f1 - f1) < 1e-15)
      #expect(scores.support == support)
    }
  }

  @Test("the macro average counts every class the same")
  func macroAverage() {
    let mean = Self.matrix.macroAverage
    #expect(abs(mean.precision - 0.4375) < 1e-15)
    #expect(abs(mean.recall - 0.4791666666666667) < 1e-15)
    #expect(abs(mean.f1 - 0.4541666666666666) < 1e-15)
    #expect(mean.support == 10)
  }

  @Test("the tables' columns are aligned")
  func tables() {
    #expect(
      Self.matrix.report(names: ["cat", "dog", "horse", "owl"]).description == """
        class  precision  recall      F1  support
          cat     0.6667  0.6667  0.6667        3
          dog     0.3333  0.5000  0.4000        2
        horse     0.7500  0.7500  0.7500        4
          owl     0.0000  0.0000  0.0000        1
         mean     0.4375  0.4792  0.4542       10
        """)
    #expect(
      Self.matrix.table() == """
        true \\ predicted  0  1  2  3
                       0  2  1  ·  ·
                       1  ·  1  1  ·
                       2  1  ·  3  ·
                       3  ·  1  ·  ·
        """)
  }

  @Test("in a notebook the report is a table, with names as text")
  func html() {
    let bundle = Self.matrix.report(names: ["cat", "<dog>", "horse", "owl"]).notebookDisplay
    guard case .text(let html)? = bundle["text/html"] else {
      Issue.record("no HTML")
      return
    }
    #expect(html.hasPrefix("<table><tr><th style=\"text-align: left\">class</th>"))
    #expect(html.contains("&lt;dog&gt;") && !html.contains("<dog>"))
    #expect(html.matches(of: /<tr>/).count == 6)
    #expect(html.contains("border-top: 1px solid\">mean</td>") && html.contains("\">0.4375</td>"))
  }

  @Test("mistakes come with the most frequent first, none of them right")
  func pairs() throws {
    var matrix = ConfusionMatrix(classes: 3)
    try matrix.add(predictions: Tensor([0, 0, 0, 1, 2, 2, 1, 1]), targets: Tensor([0, 2, 2, 0, 1, 1, 1, 2]))
    #expect(
      matrix.confusedPairs().map { [$0.target, $0.prediction, $0.count] } == [
        [1, 2, 2], [2, 0, 2], [0, 1, 1], [2, 1, 1],
      ])
    #expect(matrix.confusedPairs(minimum: 2).count == 2)
    #expect(ConfusionMatrix(classes: 3).confusedPairs().isEmpty)
  }

  @Test("an empty matrix has no accuracy")
  func empty() { #expect(ConfusionMatrix(classes: 2).accuracy.isNaN) }
}
