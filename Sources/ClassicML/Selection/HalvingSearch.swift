import DataPipelines
import TensorCore

/// Tries many candidates on few samples, the better ones on more, and so on: successive halving (Jamieson & Talwalkar, "Non-stochastic best arm
/// identification and hyperparameter optimization", 2016). In each round the best 1/`factor` of the candidates go on, with `factor` times as many
/// samples; the last round has all of them.
///
/// ```swift
/// let x = Tensor((0..<240).map { [Double($0 % 7), Double($0 % 5)] }, dtype: .float64)
/// let search = HalvingSearch(
///   LinearRegression(), vary(\.fitsIntercept, [true, false]), vary(\.solver, [.svd, .qr, .normalEquation]))
/// let fitted = try search.fit(x, x[.all, 0] * 2 + 10)
/// fitted.rounds.map(\.samples)  // → [80, 240]
/// fitted.rounds.map(\.candidates.count)  // → [6, 2]
/// ```
public struct HalvingSearch<Model: SupervisedEstimator>: SupervisedEstimator {
  public typealias Input = Model.Input

  public let candidates: [Candidate<Model>]
  /// Of how many candidates one goes on.
  public var factor: Int
  public var folds: Int
  public var scoring: Scoring
  /// For the order in which samples are taken.
  public var seed: UInt64

  public init(
    _ model: Model, _ variations: Variation<Model>..., factor: Int = 3, folds: Int = 5, scoring: Scoring = .own,
    seed: UInt64 = 0
  ) {
    candidates = Candidate.combinations(model, variations)
    (self.factor, self.folds, self.scoring, self.seed) = (factor, folds, scoring, seed)
  }

  /// Those that were tried on some number of samples.
  public struct Round: Sendable, Codable, Hashable {
    public let samples: Int
    /// Positions among the search's candidates.
    public let candidates: [Int]
    public let results: [CandidateResult]
  }

  public struct Fitted: Predictor {
    public typealias Input = Model.Input

    /// The best candidate of the last round, fitted to all samples.
    public let best: Model.Fitted
    /// Its position among the candidates.
    public let bestIndex: Int
    public let rounds: [Round]

    public func predict(_ x: Input) throws(EstimatorError) -> Tensor { try best.predict(x) }
    public func score(_ x: Input, _ y: Tensor) throws(EstimatorError) -> Double { try best.score(x, y) }
  }

  public static func rowCount(of x: Input) -> Int { Model.rowCount(of: x) }
  public static func rows(_ indices: [Int], of x: Input) -> Input { Model.rows(indices, of: x) }

  public func fit(_ x: Input, _ y: Tensor) throws(EstimatorError) -> Fitted {
    try require(\.factor, "a number from 2") { $0 >= 2 }
    let count = Self.rowCount(of: x)
    guard let model = candidates.first?.model else {
      throw .hyperparameter("variations", of: Self.name, expected: "a value or more for each", found: "none")
    }
    // Also that the folds are possible, before anything is fitted.
    _ = try defaultFolds(folds, for: model, y, rows: count)
    let order = Tensor.permutation(count, using: RandomGenerator(seed: seed)).scalars(as: Int.self)
    var (left, rounds) = (Array(candidates.indices), [Round]())
    var steps = 0
    while power(factor, steps + 1) <= left.count { steps += 1 }
    for step in (0...steps).reversed() {
      let samples = max(count / power(factor, step), min(count, 10 * folds))
      let rows = order.prefix(samples).sorted()
      let (some, truth) = (Self.rows(rows, of: x), y.rows(rows))
      let results = try Model.compared(
        left.map { candidates[$0] }, some, truth, folds: try defaultFolds(folds, for: model, truth, rows: samples),
        scoring: scoring)
      rounds.append(Round(samples: samples, candidates: left, results: results))
      let ranked = results.indices.sorted { (-results[$0].mean, $0) < (-results[$1].mean, $1) }
      if step > 0 { left = ranked.prefix(max(1, left.count / factor)).map { left[$0] } }
    }
    let best = left[rounds[rounds.count - 1].results.best]
    return Fitted(best: try candidates[best].model.fit(x, y), bestIndex: best, rounds: rounds)
  }

  private func power(_ base: Int, _ exponent: Int) -> Int { (0..<exponent).reduce(1) { product, _ in product * base } }
}

extension HalvingSearch: Classifier where Model: Classifier {}
extension HalvingSearch: Regressor where Model: Regressor {}
extension HalvingSearch.Fitted: FittedRegressor where Model: Regressor {}
extension HalvingSearch.Fitted: FittedClassifier where Model: Classifier {
  public var classes: [Int] { best.classes }
}
extension HalvingSearch.Fitted: ProbabilisticClassifier where Model: Classifier, Model.Fitted: ProbabilisticClassifier {
  public func predictProbabilities(_ x: Input) throws(EstimatorError) -> Tensor { try best.predictProbabilities(x) }
}
