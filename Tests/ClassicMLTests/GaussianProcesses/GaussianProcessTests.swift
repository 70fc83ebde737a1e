import ClassicML
import TensorCore
import Testing

@Suite("A Gaussian process")
struct GaussianProcessTests {
  static let kernels: [(name: String, kernel: Covariance)] = [
    ("rbf", .constant(1.5) * .rbf(length: 1.3) + .white(noise: 0.05)),
    ("half", .constant(2) * .matern(length: 0.8, smoothness: .half)),
    ("threeHalves", .matern(length: 1.7, smoothness: .threeHalves) + .white(noise: 0.1)),
    ("fiveHalves", .constant(0.7) * .matern(length: 1.1, smoothness: .fiveHalves) + .constant(0.2)),
    (
      "rationalQuadratic",
      .rationalQuadratic(length: 1.2, mixture: 0.6) * .rbf(length: 3) + .white(noise: 0.02)
    ),
  ]

  private func data() throws -> (x: Tensor, y: Tensor, places: Tensor) {
    (
      try LinearGoldens.tensor("process/x"), try LinearGoldens.tensor("process/y"),
      try LinearGoldens.tensor("process/places")
    )
  }

  @Test("has scikit-learn's kernel matrices, likelihoods, means and covariances") func values() throws {
    let (x, y, places) = try data()
    for (name, kernel) in Self.kernels {
      try expectClose(kernel.matrix(x), "process.\(name)/matrix", 1e-12)
      let estimator = GaussianProcessRegressor(
        kernel: kernel, noise: 1e-6, optimizes: false, normalizesTargets: true)
      let fitted = try estimator.fit(x, y)
      try expectClose(
        Tensor(fitted.logMarginalLikelihood, dtype: .float64), "process.\(name)/likelihood", 1e-9)
      try expectClose(fitted.predict(places), "process.\(name)/mean", 1e-8)
      try expectClose(fitted.covariance(places), "process.\(name)/covariance", 1e-8)
      let deviation = try fitted.predictWithDeviations(places).deviation
      let variances = try LinearGoldens.tensor("process.\(name)/covariance").diagonal()
      #expect((deviation.square() - variances).abs().max().item() < 1e-8)
    }
  }

  @Test("finds the numbers of its kernel that scikit-learn finds") func search() throws {
    let (x, y, _) = try data()
    let kernel = Covariance.constant(1) * .rbf(length: 1) + .white(noise: 1)
    let fitted = try GaussianProcessRegressor(kernel: kernel, restarts: 3).fit(x, y - 2)
    let found = Tensor(fitted.kernel.parameters, shape: [3], dtype: .float64)
    let best = try LinearGoldens.tensor("process.found/likelihood").item()
    #expect(fitted.logMarginalLikelihood > best - 1e-6)
    try expectClose(found, "process.found/parameters", 1e-3)
  }

  @Test("without noise goes through the values, and is surest there") func interpolation() throws {
    let (x, y, places) = try data()
    let fitted = try GaussianProcessRegressor(kernel: .rbf(length: 1), optimizes: false).fit(x, y)
    #expect((try fitted.predict(x) - y).abs().max().item() < 1e-6)
    #expect(try fitted.predictWithDeviations(x).deviation.max().item() < 1e-3)
    #expect(try fitted.predictWithDeviations(places).deviation.max().item() > 0.1)
  }

  @Test("draws functions with its mean and covariance") func functions() throws {
    let (x, y, places) = try data()
    let fitted = try GaussianProcessRegressor(kernel: .rbf(length: 1), noise: 0.01, optimizes: false).fit(x, y)
    let draws = try fitted.functions(places, count: 20_000, seed: 3)
    let deviations = draws - draws.mean(axis: 0)
    #expect((draws.mean(axis: 0) - (try fitted.predict(places))).abs().max().item() < 0.03)
    let covariance = matmul(deviations.transposed(0, 1), deviations) / 20_000
    #expect((covariance - (try fitted.covariance(places))).abs().max().item() < 0.03)
  }

  @Test("refuses what makes no sense") func refusals() throws {
    let (x, y, _) = try data()
    #expect(throws: EstimatorError.self) { try GaussianProcessRegressor(kernel: .rbf(length: 0)).fit(x, y) }
    #expect(throws: EstimatorError.self) {
      try GaussianProcessRegressor(kernel: .constant(1), noise: 0, optimizes: false).fit(x, y)
    }
  }

  @Test(
    "keeps the contract",
    arguments: [
      checkEstimator(GaussianProcessRegressor(kernel: .rbf(length: 1), noise: 1e-3, optimizes: false)),
      checkEstimator(
        GaussianProcessRegressor(
          kernel: .constant(1) * .matern(length: 1, smoothness: .fiveHalves) + .white(noise: 0.1),
          normalizesTargets: true)),
    ])
  func contract(_ violations: [String]) { #expect(violations == []) }
}
