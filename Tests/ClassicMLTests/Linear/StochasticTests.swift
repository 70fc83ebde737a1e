import ClassicML
import TensorCore
import Testing

@Suite("Stochastic gradient descent")
struct StochasticTests {
  /// Every third sample is held out.
  private func held(_ count: Int, _ isHeld: Bool) -> [Int] { (0..<count).filter { ($0 % 3 == 0) == isHeld } }

  /// The mean score of ten seeds is no worse than scikit-learn's, to within what ten seeds differ by (three times the
  /// deviation of the difference of two such means is 1.3 of the scores').
  private func expectQuality<E: SupervisedEstimator>(
    _ golden: String, _ data: String, sourceLocation: SourceLocation = #_sourceLocation, _ make: (UInt64) -> E
  ) throws where E.Input == any FeatureMatrix {
    let (x, y) = try LinearGoldens.scaled(data)
    let (train, test) = (held(x.shape[0], false), held(x.shape[0], true))
    let scores = try (0..<10).map { try make($0).fit(x.rows(train), y.rows(train)).score(x.rows(test), y.rows(test)) }
    let mean = scores.reduce(0, +) / 10
    let expected = try LinearGoldens.tensor("stochastic.\(golden)/mean").item()
    let deviation = try LinearGoldens.tensor("stochastic.\(golden)/deviation").item()
    #expect(
      mean >= expected - 1.3 * Swift.max(deviation, 0.003), "\(golden): \(mean), \(expected)",
      sourceLocation: sourceLocation)
  }

  @Test("tells classes apart as well as scikit-learn's, with every loss") func losses() throws {
    for (golden, loss) in [
      ("hinge", SGDClassifier.Loss.hinge), ("squared_hinge", .squaredHinge), ("log_loss", .logistic),
      ("modified_huber", .modifiedHuber),
    ] {
      try expectQuality(golden, "cancer") { SGDClassifier(loss: loss, seed: $0) }
    }
  }

  @Test("with sizes penalised, and with averages, does as well as scikit-learn's") func options() throws {
    try expectQuality("sizes", "wine") { SGDClassifier(penalty: .l1, strength: 0.01, seed: $0) }
    try expectQuality("averages", "wine") { SGDClassifier(averages: true, seed: $0) }
    try expectQuality("perceptron", "wine") { Perceptron(seed: $0) }
  }

  @Test("predicts numbers as well as scikit-learn's, with every loss") func regression() throws {
    try expectQuality("squared_error", "diabetes") { SGDRegressor(seed: $0) }
    try expectQuality("huber", "diabetes") { SGDRegressor(loss: .huber(epsilon: 20), seed: $0) }
    try expectQuality("epsilon_insensitive", "diabetes") {
      SGDRegressor(loss: .epsilonInsensitive(epsilon: 5), seed: $0)
    }
  }

  @Test("comes to the lowest place of what it goes down: logistic regression's") func objective() throws {
    let (x, y) = try LinearGoldens.scaled("wine")
    let isFirst = (y .== 0).cast(to: .int64)
    // α = 1/(C·n)
    let exact = try LogisticRegression(inverseStrength: 1, tolerance: 1e-8).fit(x, isFirst)
    let steps = try SGDClassifier(
      loss: .logistic, strength: 1 / 178.0, averages: true, maximumIterations: 300, tolerance: 0, patience: 300
    ).fit(x, isFirst)
    func sum(_ model: some FittedLinearClassifier) throws -> Double {
      let margins = try model.decisionFunction(x) * (isFirst.cast(to: .float64) * 2 - 1)
      return model.coefficients.square().sum().item() * 0.5 - margins.logSigmoid().sum().item()
    }
    let (lowest, found) = try (sum(exact), sum(steps))
    #expect(found >= lowest && found < lowest * 1.005)
  }

  @Test("with sizes penalised leaves few weights") func sparsity() throws {
    let (x, y) = try LinearGoldens.scaled("cancer")
    let some = try SGDClassifier(penalty: .l1, strength: 0.05).fit(x, y)
    #expect((some.coefficients .== 0).cast(to: .int64).sum().item(Int.self) > 15)
    #expect(try some.score(x, y) > 0.9)
  }

  @Test("learns the same of sparse samples as of dense ones", arguments: [WeightPenalty.l2, .elasticNet(l1Ratio: 0.3)])
  func sparse(_ penalty: WeightPenalty) throws {
    let (x, y) = try LinearGoldens.scaled("wine")
    let some = x * (x .> 0.5).cast(to: .float64)
    let estimator = SGDClassifier(penalty: penalty, strength: 0.001, maximumIterations: 5)
    let (dense, sparse) = (try estimator.fit(some, y), try estimator.fit(SparseMatrix(some), y))
    #expect((dense.intercepts - sparse.intercepts).abs().max().item() < 1e-6)
    if penalty == .l2 { #expect((dense.coefficients - sparse.coefficients).abs().max().item() < 1e-9) }
  }

  @Test("of numbers that grow without end says so") func divergence() throws {
    let (x, y) = try LinearGoldens.data("diabetes")
    #expect(throws: EstimatorError.self) {
      try SGDRegressor(learningRate: .constant(10)).fit(x * 1e200, y)
    }
  }
}
