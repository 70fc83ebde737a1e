import EvaluationMetrics
import Learning
import TensorCore

/// How a trained model does on the data to test on.
struct TestOutcome {
  /// By name, the most important first.
  let figures: [(name: String, value: Double)]
  /// nil for numbers.
  let confusion: ConfusionMatrix?
  let names: [String]

  init(figures: [(name: String, value: Double)], confusion: ConfusionMatrix?, names: [String]) {
    (self.figures, self.confusion, self.names) = (figures, confusion, names)
  }

  /// Of a classifier's logits.
  init(_ predictions: Predictions, names: [String], metrics: [any Metric<Double>] = []) throws {
    var confusion = ConfusionMatrix(classes: names.count)
    // Classes, so that logits that are no numbers any more count as mistakes and are not refused.
    try confusion.add(predictions: predictions.classes, targets: predictions.targets)
    let loss = withoutGradients { classificationLoss(predictions.outputs, predictions.targets).item() }
    var figures = [("accuracy", confusion.accuracy), ("loss", loss)]
    if loss.isFinite {
      for var metric in metrics {
        try metric.add(predictions: predictions.outputs, targets: predictions.targets)
        figures.append((metric.name, metric.value))
      }
    }
    self.init(figures: figures, confusion: confusion, names: names)
  }
}
