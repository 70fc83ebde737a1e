import DataPipelines
import TensorCore

/// What came of a cross-validation.
public struct CrossValidationResult<Fitted: Sendable>: Sendable {
  /// Of each fold, on its validation part.
  public let scores: [Double]
  /// Of each fold, on its training part; empty unless asked for.
  public let trainingScores: [Double]
  /// Seconds that each fit took.
  public let fitSeconds: [Double]
  /// What was fitted to each fold's training part.
  public let fitted: [Fitted]

  /// The scores' mean.
  public var mean: Double { scores.reduce(0, +) / Double(scores.count) }
  /// Their standard deviation (÷ n).
  public var deviation: Double {
    let mean = mean
    return (scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(scores.count)).squareRoot()
  }
}

/// Fits an estimator to the training part of each fold, and scores it on the other (Hastie, Tibshirani & Friedman, "The Elements of Statistical Learning",
/// 2009, section 7.10). A ``Chain`` is fitted as a whole, so that nothing of a validation part is learned by its first steps.
///
/// - Parameters:
///   - folds: If nil, five: stratified for classifiers, in the samples' order as scikit-learn's; see ``DataPipelines/CrossValidation``.
///   - scoring: How predictions are scored.
/// - Throws: What `fit` and the scores throw, and for folds that the samples are too few for.
///
/// ```swift
/// let x = Tensor((0..<20).map { [Double($0)] }, dtype: .float64)
/// let result = try crossValidate(LinearRegression(), x, Tensor((0..<20).map { 2 * Double($0) }))
/// result.scores.count  // → 5
/// result.mean  // ≈ 1
/// ```
public func crossValidate<Model: SupervisedEstimator>(
  _ model: Model, _ x: Model.Input, _ y: Tensor, folds: [Fold]? = nil, scoring: Scoring = .own,
  scoresTraining: Bool = false
) throws(EstimatorError) -> CrossValidationResult<Model.Fitted> {
  let folds = if let folds { folds } else { try defaultFolds(5, for: model, y, rows: Model.rowCount(of: x)) }
  var (scores, trainingScores, seconds, all) = ([Double](), [Double](), [Double](), [Model.Fitted]())
  for fold in folds {
    let (train, truth) = (Model.rows(fold.train, of: x), y.rows(fold.train))
    let start = ContinuousClock.now
    let fitted = try model.fit(train, truth)
    seconds.append(start.duration(to: .now) / .seconds(1))
    scores.append(try scoring.score(fitted, Model.rows(fold.validation, of: x), y.rows(fold.validation)))
    if scoresTraining { trainingScores.append(try scoring.score(fitted, train, truth)) }
    all.append(fitted)
  }
  return CrossValidationResult(scores: scores, trainingScores: trainingScores, fitSeconds: seconds, fitted: all)
}

/// Stratified folds for classifiers, others in the samples' order.
func defaultFolds<Model: SupervisedEstimator>(
  _ count: Int, for model: Model, _ y: Tensor, rows: Int
) throws(EstimatorError) -> [Fold] {
  if count < 2 || count > rows {
    throw .hyperparameter(
      "folds", of: "cross-validation", expected: "from 2 to the number of samples, \(rows)", found: "\(count)")
  }
  if !(Model.self is any Classifier.Type) { return CrossValidation.folds(count, of: rows) }
  let labels = try Labels(y, rows: rows, for: "cross-validation")
  let sizes = labels.indices.reduce(into: [Int](repeating: 0, count: labels.classes.count)) { $0[$1] += 1 }
  if let largest = sizes.max(), largest < count {
    throw .hyperparameter(
      "folds", of: "cross-validation", expected: "at most \(largest), as the largest class has samples",
      found: "\(count)")
  }
  return CrossValidation.stratified(count, labels.indices)
}
