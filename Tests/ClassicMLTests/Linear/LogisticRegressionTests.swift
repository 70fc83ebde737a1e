import ClassicML
import TensorCore
import Testing

@Suite("Logistic regression")
struct LogisticRegressionTests {
  /// So near to the lowest place that what is left is rounding.
  static func exact(
    _ penalty: WeightPenalty = .l2, _ inverseStrength: Double = 1, weights: ClassWeights = .equal
  ) -> LogisticRegression {
    LogisticRegression(
      penalty: penalty, inverseStrength: inverseStrength, classWeights: weights, tolerance: 1e-10,
      maximumIterations: 10_000)
  }

  private func expectClose(
    _ estimator: LogisticRegression, _ x: Tensor, _ y: Tensor, _ golden: String, _ tolerance: Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let fitted = try estimator.fit(x, y)
    let some = x.rows(Array(stride(from: 0, to: x.shape[0], by: 7)))
    for (found, name) in [
      (fitted.coefficients, "coefficients"), (fitted.intercepts, "intercepts"),
      (try fitted.predictProbabilities(some), "probabilities"),
    ] {
      try ClassicMLTests.expectClose(
        found, "logistic.\(golden)/\(name)", tolerance, sourceLocation: sourceLocation)
    }
  }

  @Test("of two classes gives scikit-learn's weights and probabilities") func binary() throws {
    let (x, y) = try LinearGoldens.scaled("cancer")
    try expectClose(Self.exact(), x, y, "cancer", 1e-5)
    var origin = Self.exact(.l2, 0.2)
    origin.fitsIntercept = false
    let fitted = try origin.fit(x, y)
    try ClassicMLTests.expectClose(fitted.coefficients, "logistic.cancer.origin/coefficients", 1e-5)
    #expect(fitted.intercepts.item() == 0)
  }

  @Test("of several classes gives scikit-learn's weights and probabilities") func softmax() throws {
    let iris = try LinearGoldens.scaled("iris")
    try expectClose(Self.exact(.l2, 0.5), iris.x, iris.y, "iris", 1e-6)
    let wine = try LinearGoldens.scaled("wine")
    try expectClose(Self.exact(weights: .balanced), wine.x, wine.y, "wine.balanced", 1e-6)
    try expectClose(Self.exact(weights: .given([1: 0.2, 2: 3])), wine.x, wine.y, "wine.given", 1e-6)
  }

  @Test("of each class against the rest gives scikit-learn's weights and probabilities") func rest() throws {
    let (x, y) = try LinearGoldens.scaled("wine")
    var estimator = Self.exact()
    estimator.multiclass = .oneVersusRest
    try expectClose(estimator, x, y, "wine.rest", 1e-6)
  }

  @Test("without a penalty gives scikit-learn's weights") func none() throws {
    let (x, y) = try LinearGoldens.data("diabetes")
    try expectClose(Self.exact(.none), x, (y .> 140).cast(to: .int64), "diabetes.none", 1e-5)
  }

  @Test("of penalties with corners gives scikit-learn's weights, zeros included") func corners() throws {
    let (x, y) = try LinearGoldens.scaled("cancer")
    try expectClose(Self.exact(.l1, 0.1), x, y, "cancer.l1", 1e-5)
    try expectClose(Self.exact(.elasticNet(l1Ratio: 0.4), 0.2), x, y, "cancer.elastic", 1e-5)
    let zeros = try LinearGoldens.tensor("logistic.cancer.l1/coefficients") .== 0
    let found = try Self.exact(.l1, 0.1).fit(x, y).coefficients .== 0
    #expect((found .== zeros).all().item(Bool.self) && zeros.any().item(Bool.self))
  }

  @Test("learns the same of sparse samples as of dense ones") func sparse() throws {
    let (x, y) = try LinearGoldens.scaled("wine")
    let some = x * (x .> 0).cast(to: .float64)
    let dense = try Self.exact().fit(some, y)
    let sparse = try Self.exact().fit(SparseMatrix(some), y)
    #expect((dense.coefficients - sparse.coefficients).abs().max().item() < 1e-6)
    let gap = try dense.predictProbabilities(some) - dense.predictProbabilities(SparseMatrix(some))
    #expect(gap.abs().max().item() < 1e-12)
  }

  @Test("of float32 samples comes close to what float64 gives") func single() throws {
    let (x, y) = try LinearGoldens.scaled("wine")
    let (double, single) = try (
      LogisticRegression().fit(x, y), LogisticRegression().fit(x.cast(to: .float32), y)
    )
    #expect(single.hasConverged)
    #expect((double.coefficients - single.coefficients).abs().max().item() < 1e-2)
    #expect(try single.predictProbabilities(x.cast(to: .float32)).dtype == .float32)
  }

  @Test("says whether it came to the lowest place, and needs few steps whatever the features' scale")
  func convergence() throws {
    let (x, y) = try LinearGoldens.scaled("cancer")
    let fitted = try LogisticRegression().fit(x, y)
    #expect(fitted.hasConverged && fitted.iterations[0] < 40)
    #expect(try LogisticRegression(maximumIterations: 3).fit(x, y).hasConverged == false)
    // scikit-learn's sum of losses and penalty after 100 iterations: 70.4.
    let raw = try LinearGoldens.data("cancer").x
    let early = try LogisticRegression(maximumIterations: 20).fit(raw, y)
    let margins = try early.decisionFunction(raw) * (y.cast(to: .float64) * 2 - 1)
    #expect(early.coefficients.square().sum().item() / 2 - margins.logSigmoid().sum().item() < 60)
  }

  @Test("refuses what makes no sense") func refusals() throws {
    let (x, y) = try LinearGoldens.data("iris")
    #expect(throws: EstimatorError.self) { try LogisticRegression(inverseStrength: 0).fit(x, y) }
    #expect(throws: EstimatorError.self) { try LogisticRegression(penalty: .elasticNet(l1Ratio: 2)).fit(x, y) }
    #expect(throws: EstimatorError.self) { try LogisticRegression(classWeights: .given([1: -1])).fit(x, y) }
    #expect(throws: EstimatorError.self) { try LogisticRegression().fit(x, Tensor.zeros(like: y)) }
  }
}
