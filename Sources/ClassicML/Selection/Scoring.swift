import EvaluationMetrics
import TensorCore

/// How good predictions are, by the field's names; higher is always better, so that errors and losses come with a minus.
///
/// ```swift
/// let x = Tensor([[1.0], [2.0], [3.0]], dtype: .float64)
/// let fitted = try LinearRegression().fit(x, Tensor([1.0, 2.0, 3.0]))
/// try Scoring.negativeMeanSquaredError.score(fitted, x, Tensor([1.0, 2.0, 6.0]))  // ≈ -3
/// ```
public enum Scoring: String, Sendable, Hashable, Codable, CaseIterable {
  /// The estimator's own: accuracy of classifiers, R² of regressors.
  case own
  case accuracy
  case balancedAccuracy = "balanced-accuracy"
  /// The mean of the classes' F1.
  case macroF1 = "macro-f1"
  /// Of two classes, or the mean of each class against the rest.
  case rocAUC = "roc-auc"
  case negativeLogLoss = "neg-log-loss"
  case r2
  case negativeMeanSquaredError = "neg-mse"
  case negativeRootMeanSquaredError = "neg-rmse"
  case negativeMeanAbsoluteError = "neg-mae"

  /// The score of predictions for samples that the estimator has not seen.
  ///
  /// - Throws: ``EstimatorError``: a score of classes for numbers, or the reverse; of probabilities for an estimator that has none (``Scoring/rocAUC`` takes
  ///   decisions too); targets that it has not learned.
  public func score<Fitted: Predictor>(
    _ fitted: Fitted, _ x: Fitted.Input, _ y: Tensor
  ) throws(EstimatorError) -> Double {
    switch self {
    case .own: return try fitted.score(x, y)
    case .accuracy: return try classes(Accuracy(), fitted, x, y)
    case .balancedAccuracy: return try classes(BalancedAccuracy(), fitted, x, y)
    case .macroF1: return try classes(FBeta(average: .macro), fitted, x, y)
    case .rocAUC: return try areaUnderROC(fitted, x, y)
    case .negativeLogLoss: return -(try logLoss(fitted, x, y))
    case .r2: return try numbers(R2Score(), fitted, x, y)
    case .negativeMeanSquaredError: return -(try numbers(MeanSquaredError(), fitted, x, y))
    case .negativeRootMeanSquaredError: return -(try numbers(RootMeanSquaredError(), fitted, x, y))
    case .negativeMeanAbsoluteError: return -(try numbers(MeanAbsoluteError(), fitted, x, y))
    }
  }

  private func classes<Fitted: Predictor>(
    _ metric: some Metric<Double>, _ fitted: Fitted, _ x: Fitted.Input, _ y: Tensor
  ) throws(EstimatorError) -> Double {
    let known = try classifier(fitted).classes
    let predicted = try fitted.predict(x)
    return try measured(
      metric, predictions: try positions(predicted, in: known), targets: try positions(y, in: known))
  }

  private func areaUnderROC<Fitted: Predictor>(
    _ fitted: Fitted, _ x: Fitted.Input, _ y: Tensor
  ) throws(EstimatorError) -> Double {
    let targets = try positions(y, in: try classifier(fitted).classes)
    if let fitted = fitted as? any ProbabilisticClassifier<Fitted.Input> {
      let p = try fitted.predictProbabilities(x)
      return try measured(
        ROCAUC(from: .probabilities), predictions: p.shape[1] == 2 ? p[.all, 1] : p, targets: targets)
    }
    guard let decisive = fitted as? any DecisiveClassifier<Fitted.Input> else {
      throw unsuited(Fitted.self, "probabilities or decisions")
    }
    return try measured(
      ROCAUC(from: .probabilities), predictions: try decisive.decisionFunction(x), targets: targets)
  }

  private func logLoss<Fitted: Predictor>(
    _ fitted: Fitted, _ x: Fitted.Input, _ y: Tensor
  ) throws(EstimatorError) -> Double {
    let targets = try positions(y, in: try classifier(fitted).classes)
    guard let fitted = fitted as? any ProbabilisticClassifier<Fitted.Input> else {
      throw unsuited(Fitted.self, "probabilities")
    }
    return try measured(
      LogLoss(from: .probabilities), predictions: try fitted.predictProbabilities(x), targets: targets)
  }

  private func numbers<Fitted: Predictor>(
    _ metric: some Metric<Double>, _ fitted: Fitted, _ x: Fitted.Input, _ y: Tensor
  ) throws(EstimatorError) -> Double {
    if fitted is any FittedClassifier<Fitted.Input> { throw unsuited(Fitted.self, "numbers") }
    let predicted = try fitted.predict(x).cast(to: .float64)
    let truth = try Targets(y, rows: predicted.shape[0], for: rawValue).values
    if predicted.shape != truth.shape {
      throw .input("y", of: rawValue, expected: "a tensor \(predicted.shape)", found: "one of \(truth.shape)")
    }
    return try measured(metric, predictions: predicted.flattened(), targets: truth.flattened())
  }

  private func classifier<Fitted: Predictor>(
    _ fitted: Fitted
  ) throws(EstimatorError) -> any FittedClassifier<Fitted.Input> {
    guard let classifier = fitted as? any FittedClassifier<Fitted.Input> else {
      throw unsuited(Fitted.self, "classes")
    }
    return classifier
  }

  private func unsuited(_ type: Any.Type, _ what: String) -> EstimatorError {
    .input("scoring", of: rawValue, expected: "an estimator that predicts \(what)", found: "\(type)")
  }

  /// Each value's position among the classes.
  private func positions(_ y: Tensor, in classes: [Int]) throws(EstimatorError) -> Tensor {
    let values = try Labels(y, rows: y.rank == 1 ? y.shape[0] : 0, for: rawValue).values
    let known = Dictionary(classes.enumerated().map { ($1, $0) }) { first, _ in first }
    var positions: [Int] = []
    for value in values {
      guard let position = known[value] else {
        throw .input("y", of: rawValue, expected: "one of the classes \(classes)", found: "\(value)")
      }
      positions.append(position)
    }
    return Tensor(positions, shape: [positions.count])
  }
}
