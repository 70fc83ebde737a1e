import ClassicML
import TensorCore
import Testing

@Suite("Naive Bayes")
struct NaiveBayesTests {
  /// Counts of what wine's first features come to.
  private func counts() throws -> (x: Tensor, y: Tensor) {
    let (x, y) = try LinearGoldens.data("wine")
    return ((x[.all, 0..<6] * 3).round(), y)
  }

  @Test("of numbers gives scikit-learn's moments and probabilities") func gaussian() throws {
    let (x, y) = try LinearGoldens.data("iris")
    let fitted = try GaussianNaiveBayes().fit(x, y)
    try expectClose(fitted.means, "bayes.gaussian/means", 1e-12)
    try expectClose(fitted.variances, "bayes.gaussian/variances", 1e-12)
    try expectClose(fitted.predictProbabilities(x), "bayes.gaussian/probabilities", 1e-10)
    let skewed = try GaussianNaiveBayes(priors: [0.2, 0.5, 0.3]).fit(x, y)
    try expectClose(skewed.predictProbabilities(x), "bayes.gaussian.priors/probabilities", 1e-10)
  }

  @Test("of counts gives scikit-learn's probabilities, dense and sparse") func multinomial() throws {
    let (x, y) = try counts()
    let fitted = try MultinomialNaiveBayes(smoothing: 0.5).fit(x, y)
    try expectClose(fitted.logProbabilities, "bayes.multinomial/logs", 1e-12)
    try expectClose(fitted.predictProbabilities(x), "bayes.multinomial/probabilities", 1e-10)
    let sparse = try MultinomialNaiveBayes(smoothing: 0.5).fit(SparseMatrix(x), y)
    try expectClose(sparse.predictProbabilities(SparseMatrix(x)), "bayes.multinomial/probabilities", 1e-10)
  }

  @Test("of what is there or not gives scikit-learn's probabilities, dense and sparse") func bernoulli() throws {
    let (x, y) = try counts()
    let estimator = BernoulliNaiveBayes(smoothing: 0.7, threshold: 7)
    let fitted = try estimator.fit(x, y)
    try expectClose(fitted.logProbabilities, "bayes.bernoulli/logs", 1e-12)
    try expectClose(fitted.predictProbabilities(x), "bayes.bernoulli/probabilities", 1e-10)
    let sparse = try estimator.fit(SparseMatrix(x), y)
    try expectClose(sparse.predictProbabilities(SparseMatrix(x)), "bayes.bernoulli/probabilities", 1e-10)
  }

  @Test("refuses negative counts, shares that do not add up, and thresholds that zeros pass") func refusals() throws {
    let (x, y) = try counts()
    #expect(throws: EstimatorError.self) { try MultinomialNaiveBayes().fit(x - 100, y) }
    #expect(throws: EstimatorError.self) { try MultinomialNaiveBayes().fit(SparseMatrix(x - 100), y) }
    #expect(throws: EstimatorError.self) { try GaussianNaiveBayes(priors: [0.5, 0.6, 0.1]).fit(x, y) }
    #expect(throws: EstimatorError.self) { try BernoulliNaiveBayes(threshold: -1).fit(SparseMatrix(x), y) }
    let below = try BernoulliNaiveBayes(threshold: -1).fit(x, y)
    #expect(throws: EstimatorError.self) { try below.predict(SparseMatrix(x)) }
  }

  @Test(
    "keeps the contract",
    arguments: [
      checkEstimator(GaussianNaiveBayes()), checkEstimator(MultinomialNaiveBayes(), .nonnegative),
      checkEstimator(BernoulliNaiveBayes(threshold: 4)),
    ])
  func contract(_ violations: [String]) { #expect(violations == []) }
}
