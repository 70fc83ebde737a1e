import TensorCore

/// Tries some combinations of values, drawn at random: with many hyperparameters of which few matter, as good as a grid of many more (Bergstra & Bengio,
/// "Random search for hyper-parameter optimization", 2012).
///
/// ```swift
/// let chain = StandardScaler().then(LinearRegression())
/// let search = RandomSearch(
///   chain, vary(\.first.scales, [true, false]), vary(\.last.fitsIntercept, [true, false]), draws: 3, seed: 1)
/// search.candidates.count  // → 3
/// ```
public struct RandomSearch<Model: SupervisedEstimator>: SupervisedEstimator {
  public typealias Input = Model.Input
  public typealias Fitted = FittedSearch<Model.Fitted>

  public let candidates: [Candidate<Model>]
  public var folds: Int
  public var scoring: Scoring

  /// - Parameters:
  ///   - variations: Values to draw from, each with the same probability.
  ///   - draws: How many combinations to try. The same one may come twice.
  public init(
    _ model: Model, _ variations: Variation<Model>..., draws: Int, folds: Int = 5, scoring: Scoring = .own,
    seed: UInt64 = 0
  ) {
    let generator = RandomGenerator(seed: seed)
    candidates = (0..<max(draws, 0)).map { _ in
      variations.reduce(Candidate(model: model, values: [:])) { candidate, variation in
        if variation.choices.isEmpty { return candidate }
        let place = Tensor.randomIntegers([1], in: 0..<variation.choices.count, using: generator).item(Int.self)
        return candidate.with(variation.choices[place], name: variation.name)
      }
    }
    (self.folds, self.scoring) = (folds, scoring)
  }

  public static func rowCount(of x: Input) -> Int { Model.rowCount(of: x) }
  public static func rows(_ indices: [Int], of x: Input) -> Input { Model.rows(indices, of: x) }

  public func fit(_ x: Input, _ y: Tensor) throws(EstimatorError) -> Fitted {
    try Model.searched(candidates, x, y, folds: folds, scoring: scoring, of: "RandomSearch") { _, _ in }
  }
}

extension RandomSearch: Classifier where Model: Classifier {}
extension RandomSearch: Regressor where Model: Regressor {}
