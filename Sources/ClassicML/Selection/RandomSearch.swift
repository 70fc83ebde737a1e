import DataPipelines
import TensorCore

/// Tries some combinations of values, drawn at random: with many hyperparameters of which few matter, as good as a grid of many more (Bergstra & Bengio,
/// "Random search for hyper-parameter optimization", 2012).
///
/// ```swift
/// let chain = StandardScaler().then(LinearRegression())
/// let search = RandomSearch(
///   chain, vary(\.first.scales, [true, false]), vary(\.last.solver, [.svd, .qr, .normalEquation]), draws: 3, seed: 1)
/// search.candidates.count  // → 3
/// ```
public struct RandomSearch<Model: SupervisedEstimator>: SupervisedEstimator {
  public typealias Input = Model.Input
  public typealias Fitted = FittedSearch<Model.Fitted>

  public let candidates: [Candidate<Model>]
  public var folds: Int
  public var scoring: Scoring

  /// - Parameters:
  ///   - variations: Values, of which each is drawn with the same probability, or ranges: `vary(\.rate, .logUniform(1e-4...1))`.
  ///   - draws: How many combinations to try. The same one may come twice.
  public init(
    _ model: Model, _ variations: RandomVariation<Model>..., draws: Int, folds: Int = 5, scoring: Scoring = .own,
    seed: UInt64 = 0
  ) {
    let generator = RandomGenerator(seed: seed)
    candidates = (0..<max(draws, 0)).map { _ in
      variations.reduce(Candidate(model: model, values: [:])) { candidate, variation in
        variation.choice(generator).map { candidate.with($0, name: variation.name) } ?? candidate
      }
    }
    (self.folds, self.scoring) = (folds, scoring)
  }

  public static func rowCount(of x: Input) -> Int { Model.rowCount(of: x) }
  public static func rows(_ indices: [Int], of x: Input) -> Input { Model.rows(indices, of: x) }

  public func fit(_ x: Input, _ y: Tensor) throws(EstimatorError) -> Fitted {
    try fit(x, y) { _, _ in }
  }

  /// - Parameters:
  ///   - folds: If nil, as many as ``folds``: stratified for classifiers, in the samples' order.
  ///   - progress: Called with each candidate's position and result, in their order.
  public func fit(
    _ x: Input, _ y: Tensor, folds given: [Fold]? = nil, progress: (Int, CandidateResult) -> Void
  ) throws(EstimatorError) -> Fitted {
    var parts = given ?? []
    if given == nil, let model = candidates.first?.model {
      parts = try defaultFolds(folds, for: model, y, rows: Self.rowCount(of: x))
    }
    return try Model.searched(
      candidates, x, y, folds: parts, scoring: scoring, of: Self.name, progress: progress)
  }
}

extension RandomSearch: Classifier where Model: Classifier {}
extension RandomSearch: Regressor where Model: Regressor {}
