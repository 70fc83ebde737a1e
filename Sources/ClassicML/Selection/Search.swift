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

  init(values: [String: String], scores: [Double], seconds: Double) {
    (self.values, self.scores, self.seconds) = (values, scores, seconds)
    (mean, deviation) = scores.meanAndDeviation
  }
}

extension [Double] {
  /// The deviation over n.
  var meanAndDeviation: (mean: Double, deviation: Double) {
    let mean = reduce(0, +) / Double(count)
    return (mean, (reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot())
  }
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

  private enum CodingKeys: String, CodingKey { case best, bestIndex, results }

  init(best: Fitted, bestIndex: Int, results: [CandidateResult]) {
    (self.best, self.bestIndex, self.results) = (best, bestIndex, results)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    best = try container.decode(Fitted.self, forKey: .best)
    bestIndex = try container.decode(Int.self, forKey: .bestIndex)
    results = try container.decode([CandidateResult].self, forKey: .results)
    if !results.indices.contains(bestIndex) {
      throw DecodingError.dataCorruptedError(
        forKey: .bestIndex, in: container, debugDescription: "\(bestIndex) of \(results.count) results")
    }
  }

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
  ///
  /// - Parameter progress: Called with each candidate in turn, some of them at a time.
  static func searched(
    _ candidates: [Candidate<Self>], _ x: Input, _ y: Tensor, folds: [Fold], scoring: Scoring, of search: String,
    progress: (Int, CandidateResult) -> Void
  ) throws(EstimatorError) -> FittedSearch<Fitted> {
    if candidates.isEmpty {
      throw .hyperparameter("variations", of: search, expected: "a value or more for each", found: "none")
    }
    var results: [CandidateResult] = []
    while results.count < candidates.count {
      let some = Array(candidates[results.count...].prefix(max(1, Runtime.threads)))
      for result in try compared(some, x, y, folds: folds, scoring: scoring) {
        results.append(result)
        progress(results.count - 1, result)
      }
    }
    let best = results.best
    return FittedSearch(best: try candidates[best].model.fit(x, y), bestIndex: best, results: results)
  }

  /// Each candidate on each fold, all of them in parallel.
  static func compared(
    _ candidates: [Candidate<Self>], _ x: Input, _ y: Tensor, folds: [Fold], scoring: Scoring
  ) throws(EstimatorError) -> [CandidateResult] {
    let parts = try inParallel(candidates.count * folds.count) { number throws(EstimatorError) in
      let (candidate, fold) = number.quotientAndRemainder(dividingBy: folds.count)
      let found = try candidates[candidate].model.tried(on: folds[fold], of: x, y, scoring: scoring)
      return (score: found.score, seconds: found.seconds)
    }
    return candidates.enumerated().map { index, candidate in
      let own = parts[index * folds.count..<(index + 1) * folds.count]
      return CandidateResult(
        values: candidate.values, scores: own.map(\.score), seconds: own.reduce(0) { $0 + $1.seconds })
    }
  }
}

extension [CandidateResult] {
  /// The position of the highest mean: of equals, the first; one that is no number is none.
  var best: Int {
    func rank(_ index: Int) -> (Double, Int) { (self[index].mean.isNaN ? -.infinity : self[index].mean, -index) }
    return indices.max { rank($0) < rank($1) } ?? 0
  }
}
