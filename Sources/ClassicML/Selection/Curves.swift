import DataPipelines
import TensorCore

/// Scores on what was trained on, and on what was not, as something grows.
public struct ScoreCurve: Sendable, Hashable, Codable {
  /// What grows: `training samples`, or a hyperparameter's name.
  public let name: String
  /// Its values as text, and as numbers where they are such.
  public let labels: [String]
  public let numbers: [Double]?
  /// Of each fold, for each value.
  public let trainingScores: [[Double]]
  public let validationScores: [[Double]]

  /// For each value, over the folds.
  public var trainingMeans: [Double] { trainingScores.map(\.meanAndDeviation.mean) }
  public var validationMeans: [Double] { validationScores.map(\.meanAndDeviation.mean) }
  public var trainingDeviations: [Double] { trainingScores.map(\.meanAndDeviation.deviation) }
  public var validationDeviations: [Double] { validationScores.map(\.meanAndDeviation.deviation) }
}

/// How scores change with the number of training samples: whether more of them would help (Hastie, Tibshirani & Friedman, "The Elements of Statistical
/// Learning", 2009, section 7.10). Of each fold's training part, the first samples, or with a seed some at random.
///
/// - Parameter shares: Of a training part, each above 0 and at most 1.
///
/// ```swift
/// let x = Tensor.uniform([60, 2], dtype: .float64, using: RandomGenerator(seed: 1))
/// let curve = try learningCurve(LinearRegression(), x, x[.all, 0] * 3, shares: [0.25, 1])
/// curve.numbers ?? []  // → [12.0, 48.0]
/// curve.validationMeans  // ≈ [1, 1]
/// ```
public func learningCurve<Model: SupervisedEstimator>(
  _ model: Model, _ x: Model.Input, _ y: Tensor, shares: [Double] = [0.1, 0.325, 0.55, 0.775, 1],
  folds: [Fold]? = nil, scoring: Scoring = .own, seed: UInt64? = nil
) throws(EstimatorError) -> ScoreCurve {
  let folds = if let folds { folds } else { try defaultFolds(5, for: model, y, rows: Model.rowCount(of: x)) }
  let least = folds.map(\.train.count).min() ?? 0
  // A share that is none leaves no samples, and is refused.
  let sizes = shares.map { $0 > 0 && $0 <= 1 ? Int($0 * Double(least)) : 0 }
  if sizes.isEmpty || folds.isEmpty || sizes.contains(0) {
    throw .hyperparameter(
      "shares", of: "learningCurve",
      expected: "shares above 0 and at most 1 of \(least) samples, 1 sample or more each",
      found: "\(shares)")
  }
  // The parts keep what is theirs in both: more samples are the fewer ones, and others.
  let orders = folds.map { fold in
    guard let seed else { return fold.train }
    return Tensor.permutation(fold.train.count, using: RandomGenerator(seed: seed)).scalars(as: Int.self)
      .map { fold.train[$0] }
  }
  return try scoreCurve(sizes.map(\.description), sizes.map(Double.init), name: "training samples", folds.count) {
    value, number throws(EstimatorError) in
    let fold = Fold(train: Array(orders[number].prefix(sizes[value])), validation: folds[number].validation)
    return try model.tried(on: fold, of: x, y, scoring: scoring, scoresTraining: true)
  }
}

/// How scores change with a hyperparameter: where a model stops to learn too little, and begins to learn by heart.
///
/// ```swift
/// let x = Tensor.uniform([60, 2], dtype: .float64, using: RandomGenerator(seed: 1))
/// let curve = try validationCurve(LinearRegression(), vary(\.fitsIntercept, [true, false]), x, x[.all, 0] + 3)
/// curve.labels  // → ["true", "false"]
/// curve.validationMeans[0]  // ≈ 1
/// ```
public func validationCurve<Model: SupervisedEstimator>(
  _ model: Model, _ variation: Variation<Model>, _ x: Model.Input, _ y: Tensor, folds: [Fold]? = nil,
  scoring: Scoring = .own
) throws(EstimatorError) -> ScoreCurve {
  let folds = if let folds { folds } else { try defaultFolds(5, for: model, y, rows: Model.rowCount(of: x)) }
  if folds.isEmpty { throw .hyperparameter("folds", of: "validationCurve", expected: "1 or more", found: "none") }
  let candidates = Candidate.combinations(model, [variation])
  let labels = variation.choices.map(\.text)
  let numbers = labels.compactMap(Double.init)
  return try scoreCurve(labels, numbers.count == labels.count ? numbers : nil, name: variation.name, folds.count) {
    value, number throws(EstimatorError) in
    try candidates[value].model.tried(on: folds[number], of: x, y, scoring: scoring, scoresTraining: true)
  }
}

/// Each value on each fold, all of them in parallel.
private func scoreCurve<Fitted: Sendable>(
  _ labels: [String], _ numbers: [Double]?, name: String, _ folds: Int,
  _ body:
    @escaping @Sendable (_ value: Int, _ fold: Int) throws(EstimatorError) -> (
      fitted: Fitted, score: Double, trainingScore: Double?, seconds: Double
    )
) throws(EstimatorError) -> ScoreCurve {
  let parts = try inParallel(labels.count * folds) { number throws(EstimatorError) in
    let found = try body(number / folds, number % folds)
    return (training: found.trainingScore ?? .nan, validation: found.score)
  }
  func rows(_ scores: [Double]) -> [[Double]] { labels.indices.map { Array(scores[$0 * folds..<($0 + 1) * folds]) } }
  return ScoreCurve(
    name: name, labels: labels, numbers: numbers, trainingScores: rows(parts.map(\.training)),
    validationScores: rows(parts.map(\.validation)))
}
