import ClassicML
import Foundation
import TensorCore
import Testing

@Suite("Least squares")
struct LeastSquaresTests {
  /// Two targets of each sample.
  static func targets() throws -> (x: Tensor, y: Tensor) {
    let (x, y) = try LinearGoldens.data("diabetes")
    return (x, Tensor.stacked([y, x[.all, 2] * 900 + y.flipped([0])], axis: 1))
  }

  @Test(
    "gives scikit-learn's weights by every exact solver",
    arguments: [LinearRegression.Solver.svd, .qr, .normalEquation])
  func solvers(_ solver: LinearRegression.Solver) throws {
    let (x, y) = try Self.targets()
    let fitted = try LinearRegression(solver: solver).fit(x, y)
    #expect(fitted.coefficients.shape == [2, 10] && fitted.intercept.shape == [2])
    try expectClose(fitted, "least squares", 1e-9)
    let origin = try LinearRegression(fitsIntercept: false, solver: solver).fit(x, y[.all, 0])
    try expectClose(origin.coefficients, "least squares.origin/coefficients", 1e-9)
    #expect(origin.intercept.item() == 0)
  }

  @Test("by gradient descent comes to the same place") func descent() throws {
    let (x, y) = try LinearGoldens.scaled("diabetes")
    let exact = try LinearRegression().fit(x[.all, 0..<4], y)
    let steps = try LinearRegression(solver: .gradientDescent(rate: 0.5, steps: 500)).fit(x[.all, 0..<4], y)
    #expect((exact.coefficients - steps.coefficients).abs().max().item() < 1e-9)
    #expect(abs(exact.intercept.item() - steps.intercept.item()) < 1e-9)
  }

  @Test("says so when descent leads away") func divergence() throws {
    let (x, y) = try LinearGoldens.scaled("diabetes")
    #expect(throws: EstimatorError.self) {
      try LinearRegression(solver: .gradientDescent(rate: 3, steps: 2000)).fit(x, y)
    }
  }

  @Test("of features that depend on each other is refused, or the smallest solution")
  func dependence() throws {
    let (x, y) = try LinearGoldens.data("diabetes")
    let twice = Tensor.concatenated([x, x[.all, 0..<1]], axis: 1)
    for solver in [LinearRegression.Solver.qr, .normalEquation] {
      #expect(throws: EstimatorError.self, "\(solver)") { try LinearRegression(solver: solver).fit(twice, y) }
    }
    let smallest = try LinearRegression().fit(twice, y)
    #expect(abs(smallest.coefficients[0].item() - smallest.coefficients[10].item()) < 1e-9)
    let whole = try LinearRegression().fit(x, y)
    #expect(abs(whole.coefficients[0].item() - 2 * smallest.coefficients[0].item()) < 1e-7)
  }

  @Test("predicts sparse samples as dense ones") func sparse() throws {
    let (x, y) = try Self.targets()
    let fitted = try LinearRegression().fit(x, y)
    let sparse = x * (x .> 0).cast(to: .float64)
    let gap = try fitted.predict(SparseMatrix(sparse)) - fitted.predict(sparse)
    #expect(gap.abs().max().item() < 1e-9)
  }

  @Test("of a file whose parts do not fit together is not read") func files() throws {
    let text = """
      {"coefficients": {"dtype": "float64", "shape": [], "elements": [1]}, \
      "intercept": {"dtype": "float64", "shape": [2], "elements": [1, 2]}}
      """
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(FittedLinearRegressor.self, from: Data(text.utf8)) }
  }
}

@Suite("Penalised least squares")
struct PenalisedTests {
  @Test("Ridge gives scikit-learn's weights") func ridge() throws {
    let (x, y) = try LinearGoldens.data("diabetes")
    try expectClose(Ridge(strength: 0.3).fit(x, y), "ridge", 1e-10)
    try expectClose(Ridge(strength: 0.01).fit(x[0..<7], y[0..<7]), "ridge.wide", 1e-9)
    try expectClose(
      Ridge(strength: 2, fitsIntercept: false).fit(x, y).coefficients, "ridge.origin/coefficients", 1e-10)
    let (_, both) = try LeastSquaresTests.targets()
    try expectClose(Ridge(strengths: [0.1, 20]).fit(x, both), "ridge.strengths", 1e-10)
  }

  @Test("Ridge of a strength that rounding swallows is least squares") func weak() throws {
    let x = Tensor([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], dtype: .float64)
    let fitted = try Ridge(strength: 1e-300).fit(x, Tensor([2.0, 4.0, 6.0]))
    #expect((fitted.coefficients - 1).abs().max().item() < 1e-9)
  }

  @Test("Ridge's strengths are as many as targets") func strengths() throws {
    let (x, y) = try LeastSquaresTests.targets()
    #expect(throws: EstimatorError.self) { try Ridge(strengths: [1, 2, 3]).fit(x, y) }
    #expect(throws: EstimatorError.self) { try Ridge(strength: -1).fit(x, y) }
  }

  @Test("Lasso and elastic net give scikit-learn's weights, zeros included") func coordinateDescent() throws {
    let (x, y) = try LinearGoldens.data("diabetes")
    let lasso = try Lasso(strength: 0.5, maximumIterations: 100_000, tolerance: 1e-13).fit(x, y)
    try expectClose(lasso, "lasso", 1e-8)
    let zeros = try LinearGoldens.tensor("lasso/coefficients") .== 0
    #expect((zeros .== (lasso.coefficients .== 0)).all().item(Bool.self) && zeros.any().item(Bool.self))
    let wide = Lasso(strength: 2, maximumIterations: 100_000, tolerance: 1e-13)
    try expectClose(wide.fit(x[0..<9], y[0..<9]), "lasso.wide", 1e-6)
    let net = ElasticNet(strength: 0.01, l1Ratio: 0.7, maximumIterations: 100_000, tolerance: 1e-13)
    try expectClose(net.fit(x, y), "elastic net", 1e-8)
    var origin = ElasticNet(strength: 0.02, l1Ratio: 0.2, fitsIntercept: false)
    (origin.maximumIterations, origin.tolerance) = (100_000, 1e-13)
    try expectClose(origin.fit(x, y).coefficients, "elastic net.origin/coefficients", 1e-8)
  }

  @Test("the duality gap bounds the distance from the smallest sum") func gap() throws {
    let (x, y) = try LinearGoldens.data("diabetes")
    func sum(_ fitted: FittedElasticNet) throws -> Double {
      let squares = (y - (try fitted.predict(x))).square().mean().item()
      return squares / 2 + 0.1 * fitted.coefficients.abs().sum().item()
    }
    let best = try sum(Lasso(strength: 0.1, maximumIterations: 100_000, tolerance: 1e-13).fit(x, y))
    for iterations in [1, 3, 10, 30] {
      let early = try Lasso(strength: 0.1, maximumIterations: iterations, tolerance: 1e-13).fit(x, y)
      let above = try sum(early) - best
      #expect(!early.hasConverged && early.iterations == iterations)
      #expect(above > 0 && above <= early.dualityGap)
    }
  }

  @Test("an elastic net without sums of sizes is ridge") func noSizes() throws {
    let (x, y) = try LinearGoldens.data("diabetes")
    let net = try ElasticNet(strength: 0.3 / 442, l1Ratio: 0).fit(x, y)
    try expectClose(net, "ridge", 1e-10)
  }

  @Test("a lasso path gives scikit-learn's strengths and weights") func path() throws {
    let (x, y) = try LinearGoldens.data("diabetes")
    let path = try Lasso(maximumIterations: 100_000, tolerance: 1e-13).path(x, y, count: 12)
    try expectClose(Tensor(path.strengths, shape: [12], dtype: .float64), "lasso path/strengths", 1e-12)
    try expectClose(path.coefficients, "lasso path/coefficients", 1e-8)
    let alone = try Lasso(strength: path.strengths[6], maximumIterations: 100_000, tolerance: 1e-13).fit(x, y)
    #expect(abs(alone.intercept.item() - path.intercepts[6].item()) < 1e-8)
  }
}

@Suite("Polynomial features")
struct PolynomialFeatureTests {
  @Test("are scikit-learn's, in its order", arguments: ["cubic", "interactions", "no bias"])
  func values(_ name: String) throws {
    let x = try LinearGoldens.tensor("polynomials/x")
    let estimator =
      switch name {
      case "cubic": PolynomialFeatures(degree: 3)
      case "interactions": PolynomialFeatures(degree: 3, interactionsOnly: true)
      default: PolynomialFeatures(includesBias: false)
      }
    let fitted = try estimator.fit(x)
    try expectClose(fitted.transform(x), "polynomials.\(name)/y", 1e-15)
    try expectClose(fitted.powers, "polynomials.\(name)/powers", 0)
  }

  @Test("make a linear model a polynomial") func chain() throws {
    let (x, y) = try LinearGoldens.data("diabetes")
    let chain = PolynomialFeatures(includesBias: false).then(LinearRegression())
    try expectClose(chain.fit(x[.all, 0..<3], y).last, "expanded", 1e-8)
  }

  @Test("refuse more products than fit") func limit() throws {
    #expect(throws: EstimatorError.self) { try PolynomialFeatures(degree: 9).fit(Tensor.ones([1, 100])) }
    #expect(throws: EstimatorError.self) {
      try PolynomialFeatures(degree: 0, includesBias: false).fit(Tensor.ones([1, 2]))
    }
    #expect(
      try PolynomialFeatures(degree: 1_000_000_000, interactionsOnly: true).fit(Tensor.ones([1, 3])).products.count == 8
    )
  }
}
