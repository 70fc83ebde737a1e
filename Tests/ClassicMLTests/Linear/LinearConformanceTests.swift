import ClassicML
import Testing

@Suite("A linear model")
struct LinearConformanceTests {
  @Test(
    "keeps the contract",
    arguments: [
      checkEstimator(LinearRegression(solver: .gradientDescent(rate: 0.01, steps: 20))), checkEstimator(Ridge()),
      checkEstimator(Lasso(strength: 0.1)), checkEstimator(ElasticNet(strength: 0.1)),
      checkEstimator(PolynomialFeatures()), checkEstimator(PolynomialFeatures(interactionsOnly: true).then(Ridge())),
      checkEstimator(LogisticRegression()), checkEstimator(LogisticRegression(), .binary),
      checkEstimator(LogisticRegression(multiclass: .oneVersusRest)), checkEstimator(LogisticRegression(penalty: .l1)),
      checkEstimator(SGDClassifier()), checkEstimator(SGDClassifier(penalty: .l1, averages: true), .binary),
      checkEstimator(Perceptron()), checkEstimator(StandardScaler().then(SGDRegressor())),
    ])
  func contract(_ violations: [String]) { #expect(violations == []) }
}
