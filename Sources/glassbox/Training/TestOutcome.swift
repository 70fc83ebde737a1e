import EvaluationMetrics
import Learning
import Tables
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

  /// Of numbers, in the target's own unit.
  init(_ predictions: Predictions, scaledBy preparation: TablePreparation) throws {
    func values(_ scaled: Tensor) -> Tensor {
      let values = preparation.values(of: scaled)
      return Tensor(values, shape: [values.count])
    }
    var metrics: [any Metric<Double>] = [RootMeanSquaredError(), MeanAbsoluteError(), R2Score()]
    for index in metrics.indices {
      try metrics[index].add(predictions: values(predictions.outputs), targets: values(predictions.targets))
    }
    self.init(figures: metrics.map { ($0.name, $0.value) }, confusion: nil, names: [])
  }
}
