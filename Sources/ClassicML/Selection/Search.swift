import DataPipelines
import TensorCore

/// How a candidate did.
public struct CandidateResult: Sendable, Codable, Hashable {
  /// By the hyperparameters' names.
  public let values: [String: String]
  /// Of each fold.
  public let scores: [Double]
  /// Their mean and standard deviation.
  public let mean: Double
  public let deviation: Double
  /// Spent fitting, in all folds.
  public let seconds: Double
}

/// The best of the candidates, fitted to all samples, and how each of them did.
public struct FittedSearch<Fitted: Predictor>: Predictor {
  public typealias Input = Fitted.Input

  public let best: Fitted
  /// The position of the best among the results; of equals, the first.
  public let bestIndex: Int
  /// In the candidates' order.
  public let results: [CandidateResult]

  public var bestResult: CandidateResult { results[bestIndex] }

  public func predict(_ x: Input) throws(EstimatorError) -> Tensor { try best.predict(x) }
  public func score(_ x: Input, _ y: Tensor) throws(EstimatorError) -> Double { try best.score(x, y) }
}

extension FittedSearch: FittedClassifier where Fitted: FittedClassifier {
  public var classes: [Int] { best.classes }
}

extension FittedSearch: ProbabilisticClassifier where Fitted: ProbabilisticClassifier {
  public func predictProbabilities(_ x: Input) throws(EstimatorError) -> Tensor { try best.predictProbabilities(x) }
}

extension FittedSearch: DecisiveClassifier where Fitted: DecisiveClassifier {
  public func decisionFunction(_ x: Input) throws(EstimatorError) -> Tensor { try best.decisionFunction(x) }
}

extension FittedSearch: FittedRegressor where Fitted: FittedRegressor {}

extension SupervisedEstimator {
  /// Cross-validates each candidate on the same folds, and fits the best to all samples.
  package static func searched(
    _ candidates: [Candidate<Self>], _ x: Input, _ y: Tensor, folds count: Int, scoring: Scoring, of search: String,
    progress: (Int, CandidateResult) -> Void
  ) throws(EstimatorError) -> FittedSearch<Fitted> {
    guard let first = candidates.first else {
      throw .hyperparameter("variations", of: search, expected: "a value or more for each", found: "none")
    }
    let folds = try defaultFolds(count, for: first.model, y, rows: rowCount(of: x))
    var results: [CandidateResult] = []
    for (index, candidate) in candidates.enumerated() {
      let found = try crossValidate(candidate.model, x, y, folds: folds, scoring: scoring)
      results.append(
        CandidateResult(
          values: candidate.values, scores: found.scores, mean: found.mean, deviation: found.deviation,
          seconds: found.fitSeconds.reduce(0, +)))
      progress(index, results[index])
    }
    // A score that is no number is no best one.
    let best = results.indices.max { rank(results[$0].mean, $0) < rank(results[$1].mean, $1) } ?? 0
    return FittedSearch(best: try candidates[best].model.fit(x, y), bestIndex: best, results: results)
  }

  private static func rank(_ score: Double, _ index: Int) -> (Double, Int) {
    (score.isNaN ? -.infinity : score, -index)
  }
}
