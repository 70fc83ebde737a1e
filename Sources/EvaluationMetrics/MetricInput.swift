import TensorCore

/// A batch that a metric was given, off the tape. Its checks stop for shapes and dtypes, and throw for values.
struct MetricInput {
  let metric: String
  let predictions: Tensor
  let targets: Tensor

  init(_ metric: String, _ predictions: Tensor, _ targets: Tensor) {
    self.metric = metric
    self.predictions = predictions.detached()
    self.targets = targets.detached()
  }

  /// Stops with what was passed.
  func mismatch(fix: String) -> Never {
    stop(
      metric, "predictions \(predictions.dtype) \(predictions.shape), targets \(targets.dtype) \(targets.shape)",
      fix: fix)
  }

  /// Throws for the first row in which `bad`, whose first axis is the batch's, is true.
  func refuse(_ finding: String, where bad: Tensor) throws(MetricError) {
    guard bad.any().item(Bool.self) else { return }
    let place = bad.scalars(as: Bool.self).firstIndex(of: true) ?? 0
    throw MetricError(metric: metric, row: place / (bad.count / bad.shape[0]), finding: finding)
  }

  func refuseNaN() throws(MetricError) {
    if predictions.dtype.isFloatingPoint {
      try refuse("a prediction that is not a number", where: predictions.isNaN())
    }
  }

  /// Whether the targets are classes: integers or Booleans.
  var targetsAreClasses: Bool { targets.dtype.isInteger || targets.dtype == .bool }

  /// The targets as int64, each of `classes` classes.
  func labels(of classes: Int, ignoring ignored: Int? = nil) throws(MetricError) -> Tensor {
    let labels = targets.cast(to: .int64)
    let outside = (labels .< 0.0) .| (labels .>= Double(classes))
    let wrong = ignored.map { outside .& (labels .!= Double($0)) } ?? outside
    try refuse("a target that is none of the \(classes) classes 0..<\(classes)", where: wrong)
    return labels
  }

  /// What was predicted, and what is true, as int64 of the targets' shape; and the number of classes, where scores tell it. Predictions are
  /// scores [batch, classes, ...] (logits or probabilities: the first of the highest wins) or classes [batch, ...].
  func classes() throws(MetricError) -> (predicted: Tensor, actual: Tensor, count: Int?) {
    let hint = "pass scores [batch, classes, ...] or classes [batch, ...], and integer targets [batch, ...]"
    guard targetsAreClasses else { mismatch(fix: hint) }
    if predictions.dtype.isFloatingPoint {
      guard predictions.rank >= 2, predictions.shape[1] > 0,
        targets.shape.dimensions == [predictions.shape[0]] + predictions.shape.dimensions.dropFirst(2)
      else { mismatch(fix: hint) }
      try refuseNaN()
      let count = predictions.shape[1]
      return (predictions.argmax(axis: 1), try labels(of: count), count)
    }
    guard predictions.shape == targets.shape else { mismatch(fix: hint) }
    return (predictions.cast(to: .int64), targets.cast(to: .int64), nil)
  }
}
