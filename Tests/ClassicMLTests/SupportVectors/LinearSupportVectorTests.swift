import ClassicML
import TensorCore
import Testing

private typealias Goldens = SupportVectorGoldens

@Suite("A linear support vector machine")
struct LinearSupportVectorTests {
  private static let losses: [(LinearSupportVectorClassifier.Loss, String)] = [
    (.hinge, "hinge"), (.squaredHinge, "squared_hinge"),
  ]

  @Test(
    "finds scikit-learn's coefficients, of dense and of sparse samples", arguments: ["wine", "two", "words"], losses)
  func goldens(_ set: String, _ golden: (loss: LinearSupportVectorClassifier.Loss, name: String)) throws {
    let (x, y) = try Goldens.training(set)
    let (queries, _) = try Goldens.test(set)
    let estimator = LinearSupportVectorClassifier(
      regularization: 0.7, loss: golden.loss, tolerance: 1e-10, maximumIterations: 100_000)
    for samples in [x, SparseMatrix(x)] as [any FeatureMatrix] {
      let fitted = try estimator.fit(samples, y)
      #expect(fitted.isConverged)
      let name = "\(set)/\(golden.name)"
      #expect(try Goldens.gap(fitted.coefficients, Goldens.tensor("\(name) coefficients")) < 1e-8)
      #expect(try Goldens.gap(fitted.intercepts, Goldens.tensor("\(name) intercepts")) < 1e-8)
      for x in [queries, SparseMatrix(queries)] as [any FeatureMatrix] {
        #expect(try Goldens.gap(fitted.decisionFunction(x), Goldens.tensor("\(name) decisions")) < 1e-7)
      }
    }
  }

  @Test(
    "makes a rare class weigh as much as a frequent one, and goes without an intercept", arguments: ["wine", "two"])
  func balance(_ set: String) throws {
    let (x, y) = try Goldens.training(set)
    let estimator = LinearSupportVectorClassifier(
      regularization: 0.7, fitsIntercept: false, balancesClasses: true, tolerance: 1e-10, maximumIterations: 100_000)
    let fitted = try estimator.fit(x, y)
    #expect(fitted.isConverged)
    let distance = try Goldens.gap(fitted.coefficients, Goldens.tensor("\(set)/balanced coefficients"))
    #expect(distance < 1e-8)
    #expect(fitted.intercepts.abs().max().item() == 0)
  }

  @Test("comes close within its default tolerance, whatever the seed and the dtype")
  func defaults() throws {
    let (x, y) = try Goldens.training("wine")
    let expected = try Goldens.tensor("wine/squared_hinge coefficients")
    for seed in 0..<3 as Range<UInt64> {
      let estimator = LinearSupportVectorClassifier(regularization: 0.7, seed: seed)
      #expect(try Goldens.gap(estimator.fit(x, y).coefficients, expected) < 1e-3)
      let single = try estimator.fit(x.cast(to: .float32), y)
      #expect(single.coefficients.dtype == .float32)
      #expect(try Goldens.gap(single.coefficients, expected) < 1e-3)
    }
  }

  @Test("says when its passes were too few")
  func notConverged() throws {
    let (x, y) = try Goldens.training("wine")
    let fitted = try LinearSupportVectorClassifier(loss: .hinge, tolerance: 1e-12, maximumIterations: 2).fit(x, y)
    #expect(!fitted.isConverged)
    #expect(fitted.iterations == [2, 2, 2])
  }

  @Test(
    "predicts numbers as scikit-learn's does",
    arguments: [
      (LinearSupportVectorRegressor.Loss.insensitive, "epsilon_insensitive"),
      (.squaredInsensitive, "squared_epsilon_insensitive"),
    ])
  func regression(_ loss: LinearSupportVectorRegressor.Loss, _ name: String) throws {
    let (x, y) = try Goldens.training("diabetes")
    let estimator = LinearSupportVectorRegressor(
      regularization: 0.5, margin: 0.1, loss: loss, tolerance: 1e-10, maximumIterations: 100_000)
    for samples in [x, SparseMatrix(x)] as [any FeatureMatrix] {
      let fitted = try estimator.fit(samples, y)
      #expect(try Goldens.gap(fitted.coefficients, Goldens.tensor("diabetes/\(name) coefficients")) < 1e-7)
      #expect(abs(fitted.intercept.item() - (try Goldens.tensor("diabetes/\(name) intercept").item())) < 1e-7)
    }
  }

  @Test("refuses settings that make no sense")
  func refusals() {
    let (x, y) = (Tensor([[1.0], [2.0]], dtype: .float64), Tensor([0, 1]))
    func refuses<E: SupervisedEstimator>(_ estimator: E) where E.Input == any FeatureMatrix {
      #expect(throws: EstimatorError.self) { try estimator.fit(x, y) }
    }
    refuses(LinearSupportVectorClassifier(regularization: -1))
    refuses(LinearSupportVectorClassifier(interceptScaling: 0))
    refuses(LinearSupportVectorClassifier(tolerance: 0))
    refuses(LinearSupportVectorClassifier(maximumIterations: 0))
    refuses(LinearSupportVectorRegressor(regularization: .infinity))
    refuses(LinearSupportVectorRegressor(margin: -0.1))
    refuses(SupportVectorRegressor(margin: .nan))
    refuses(SupportVectorRegressor(kernel: .rbf(gamma: .value(0))))
  }
}

@Suite("A support vector regressor")
struct SupportVectorRegressorTests {
  @Test("finds scikit-learn's support vectors and numbers, by every kernel", arguments: Goldens.kernels)
  func goldens(_ golden: (name: String, kernel: SupportVectorKernel, regularization: Double)) throws {
    if golden.name == "sigmoid" { return }
    let (x, y) = try Goldens.training("diabetes")
    let (queries, _) = try Goldens.test("diabetes")
    let fitted = try SupportVectorRegressor(
      regularization: golden.regularization, margin: 0.2, kernel: golden.kernel, tolerance: 1e-9
    ).fit(x, y)
    #expect(fitted.isConverged)
    #expect(try Goldens.gap(fitted.predict(queries), Goldens.tensor("diabetes/\(golden.name) values")) < 1e-5)
    #expect(
      fitted.machine.supportIndices.scalars(as: Int.self)
        == (try Goldens.integers("diabetes/\(golden.name) support")))
  }

  @Test("predicts a constant where all errors are below its margin")
  func flat() throws {
    let x = Tensor([[0.0], [1.0], [2.0]], dtype: .float64)
    let fitted = try SupportVectorRegressor(margin: 1).fit(x, Tensor([1.0, 1.5, 2.0], dtype: .float64))
    #expect(fitted.machine.dualCoefficients.count == 0)
    #expect(try Goldens.gap(fitted.predict(x), Tensor.full([3], 1.5, dtype: .float64)) == 0)
  }
}
