import DataPipelines
import TensorCore

/// Tries all combinations of values for hyperparameters by cross-validation, and fits the best one to all samples.
///
/// ```swift
/// let x = Tensor((0..<30).map { [Double($0 % 7), Double($0 % 5)] }, dtype: .float64)
/// let y = x[.all, 0] * 2 + 10
/// let chain = StandardScaler().then(LinearRegression())
/// let search = GridSearch(chain, vary(\.first.scales, [true, false]), vary(\.last.fitsIntercept, [false, true]))
/// let fitted = try search.fit(x, y)
/// fitted.bestResult.values["last.fitsIntercept"] ?? "none"  // → true
/// ```
public struct GridSearch<Model: SupervisedEstimator>: SupervisedEstimator {
  public typealias Input = Model.Input
  public typealias Fitted = FittedSearch<Model.Fitted>

  public let candidates: [Candidate<Model>]
  /// How many parts the samples are divided into: stratified for classifiers.
  public var folds: Int
  public var scoring: Scoring

  public init(_ model: Model, _ variations: Variation<Model>..., folds: Int = 5, scoring: Scoring = .own) {
    self.init(model, variations, folds: folds, scoring: scoring)
  }

  public init(_ model: Model, _ variations: [Variation<Model>], folds: Int = 5, scoring: Scoring = .own) {
    candidates = Candidate.combinations(model, variations)
    (self.folds, self.scoring) = (folds, scoring)
  }

  package init(_ candidates: [Candidate<Model>], folds: Int, scoring: Scoring) {
    (self.candidates, self.folds, self.scoring) = (candidates, folds, scoring)
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

extension GridSearch: Classifier where Model: Classifier {}
extension GridSearch: Regressor where Model: Regressor {}
