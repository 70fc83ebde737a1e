import ClassicML
import TensorCore
import Testing

private typealias Goldens = SupportVectorGoldens

@Suite("A support vector classifier")
struct SupportVectorClassifierTests {
  @Test(
    "finds scikit-learn's support vectors, coefficients and decisions, by every kernel",
    arguments: ["wine", "two"], Goldens.kernels)
  func goldens(_ set: String, _ golden: (name: String, kernel: SupportVectorKernel, regularization: Double)) throws {
    let estimator = SupportVectorClassifier(
      regularization: golden.regularization, kernel: golden.kernel, tolerance: 1e-9)
    try compare(estimator, set, golden.name)
  }

  @Test("makes a rare class weigh as much as a frequent one", arguments: ["wine", "two"])
  func balance(_ set: String) throws {
    try compare(SupportVectorClassifier(balancesClasses: true, tolerance: 1e-9), set, "balanced rbf")
  }

  private func compare(_ estimator: SupportVectorClassifier, _ set: String, _ name: String) throws {
    let (x, y) = try Goldens.training(set)
    let fitted = try estimator.fit(x, y)
    #expect(fitted.isConverged)
    #expect(fitted.supportIndices.scalars(as: Int.self) == (try Goldens.integers("\(set)/\(name) support")))
    let coefficients = try Goldens.tensor("\(set)/\(name) coefficients")
    // Of two classes, scikit-learn turns the sign.
    let sign: Double = set == "two" ? -1 : 1
    #expect(try Goldens.gap(fitted.dualCoefficients * sign, coefficients) < 2e-6)
    let (queries, _) = try Goldens.test(set)
    #expect(try Goldens.gap(fitted.decisionFunction(queries), Goldens.tensor("\(set)/\(name) decisions")) < 1e-6)
    #expect(try fitted.predict(queries).scalars(as: Int.self) == Goldens.integers("\(set)/\(name) classes"))
  }

  @Test("reaches LIBSVM's objective within what its tolerance lets through", arguments: Goldens.kernels)
  func objective(_ golden: (name: String, kernel: SupportVectorKernel, regularization: Double)) throws {
    let (x, y) = try Goldens.training("two")
    let fitted = try SupportVectorClassifier(regularization: golden.regularization, kernel: golden.kernel).fit(x, y)
    let best = try Goldens.tensor("two/\(golden.name) objective").item()
    #expect(abs(fitted.objectives[0] - best) < 1e-3 * best)
  }

  @Test("learns the same from float32 samples, but for rounding")
  func singlePrecision() throws {
    let (x, y) = try Goldens.training("wine")
    let (queries, _) = try Goldens.test("wine")
    let fitted = try SupportVectorClassifier(tolerance: 1e-6).fit(x.cast(to: .float32), y)
    #expect(fitted.supportVectors.dtype == .float32)
    #expect(try Goldens.gap(fitted.decisionFunction(queries), Goldens.tensor("wine/rbf decisions")) < 1e-4)
  }

  @Test("learns the same with a cache that holds few rows")
  func smallCache() throws {
    // More samples than two blocks of rows hold.
    let generator = RandomGenerator(seed: 3)
    let x = Tensor.normal([700, 6], dtype: .float64, using: generator)
    let noise = Tensor.normal([700], dtype: .float64, using: generator)
    let y = (x[.all, 0] * x[.all, 1] + noise * 0.3 .> 0).cast(to: .int64)
    let whole = try SupportVectorClassifier(tolerance: 1e-8).fit(x, y)
    let small = try SupportVectorClassifier(tolerance: 1e-8, cacheSize: 0).fit(x, y)
    #expect(whole.iterations[0] > 1000)
    #expect(try Goldens.gap(whole.decisionFunction(x), small.decisionFunction(x)) < 1e-6)
  }

  @Test("learns the same bits with one thread and with several")
  func threads() throws {
    let (x, y) = try Goldens.training("wine")
    let several = try SupportVectorClassifier().fit(x, y)
    let threads = Runtime.threads
    Runtime.threads = 1
    defer { Runtime.threads = threads }
    let one = try SupportVectorClassifier().fit(x, y)
    #expect((several.dualCoefficients .== one.dualCoefficients).all().item(Bool.self))
  }

  @Test("says when its steps were too few")
  func notConverged() throws {
    let (x, y) = try Goldens.training("wine")
    let fitted = try SupportVectorClassifier(maximumIterations: 3).fit(x, y)
    #expect(!fitted.isConverged)
    #expect(fitted.iterations == [3, 3, 3])
  }

  @Test("refuses a single class, numbers too large, and settings that make no sense")
  func refusals() throws {
    let (x, y) = (Tensor([[1.0], [2.0]], dtype: .float64), Tensor([0, 1]))
    func refuses(_ estimator: SupportVectorClassifier) {
      #expect(throws: EstimatorError.self) { try estimator.fit(x, y) }
    }
    refuses(SupportVectorClassifier(regularization: 0))
    refuses(SupportVectorClassifier(tolerance: 0))
    refuses(SupportVectorClassifier(maximumIterations: 0))
    refuses(SupportVectorClassifier(kernel: .rbf(gamma: .value(-1))))
    refuses(SupportVectorClassifier(kernel: .polynomial(degree: 0)))
    #expect(throws: EstimatorError.self) { try SupportVectorClassifier().fit(x, Tensor([3, 3])) }
    #expect(throws: EstimatorError.self) { try SupportVectorClassifier(kernel: .linear).fit(x * 1e20, y) }
    #expect(throws: EstimatorError.self) {
      try SupportVectorClassifier(kernel: .rbf(gamma: .value(1))).fit(x * 1e200, y)
    }
  }
}

@Suite("Support vector machines")
struct SupportVectorConformanceTests {
  @Test(
    "keep the contract",
    arguments: [
      checkEstimator(SupportVectorClassifier()), checkEstimator(SupportVectorClassifier(kernel: .linear)),
      checkEstimator(SupportVectorClassifier(kernel: .polynomial()), .binary),
      checkEstimator(SupportVectorRegressor()), checkEstimator(LinearSupportVectorClassifier()),
      checkEstimator(LinearSupportVectorClassifier(loss: .hinge), .binary),
      checkEstimator(LinearSupportVectorRegressor()),
    ])
  func contract(_ violations: [String]) { #expect(violations == []) }
}

@Suite("A one-class support vector machine")
struct OneClassSupportVectorTests {
  @Test("finds scikit-learn's region")
  func golden() throws {
    let (x, _) = try Goldens.training("two")
    let (queries, _) = try Goldens.test("two")
    let fitted = try OneClassSupportVectorMachine(
      outlierShare: 0.2, kernel: .rbf(gamma: .automatic), tolerance: 1e-9
    ).fit(x)
    #expect(fitted.isConverged)
    #expect(try Goldens.gap(fitted.decisionFunction(queries), Goldens.tensor("two/one class decisions")) < 1e-5)
    let support = try Goldens.integers("two/one class support")
    #expect(fitted.machine.supportIndices.scalars(as: Int.self) == support)
    let outside = try fitted.areInliers(x).scalars(as: Bool.self).filter { !$0 }.count
    // Samples on the border may fall on either side of it.
    #expect(outside <= support.count && support.count >= x.shape[0] / 5)
  }

  @Test("takes all samples for support vectors where all may be outside")
  func all() throws {
    let fitted = try OneClassSupportVectorMachine(outlierShare: 1).fit(Tensor([[0.0], [1.0], [3.0]], dtype: .float64))
    #expect(fitted.machine.dualCoefficients.scalars(as: Double.self) == [1, 1, 1])
    #expect(fitted.machine.intercept.isFinite)
  }

  @Test("refuses shares that make no sense")
  func refusals() {
    for share in [0, 1.5, Double.nan] {
      #expect(throws: EstimatorError.self) {
        try OneClassSupportVectorMachine(outlierShare: share).fit(Tensor([[0.0], [1.0]]))
      }
    }
  }
}
