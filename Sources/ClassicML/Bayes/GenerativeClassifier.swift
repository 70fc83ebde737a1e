import TensorCore

/// What knows how likely each class is together with a sample, and so by Bayes' rule each class of a sample: p(y | x) = p(x, y)/Σₖ p(x, k).
public protocol FittedGenerativeClassifier: ProbabilisticClassifier where Input == any FeatureMatrix {
  /// ln p(x, y) of each class, up to a number that all classes share, [samples, classes].
  func jointLogLikelihoods(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor
}

extension FittedGenerativeClassifier {
  public func predict(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor { likeliest(try jointLogLikelihoods(x)) }

  public func predictProbabilities(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
    try jointLogLikelihoods(x).softmax(axis: 1)
  }
}

/// How common classes are.
struct ClassPriors {
  /// The number of samples of each class, float64 [classes].
  let counts: Tensor
  /// Float64 [classes].
  let probabilities: Tensor

  /// - Parameter given: A share for each class, which add up to 1; nil for the shares of the samples.
  init(_ labels: Labels, given: [Double]?, for estimator: String) throws(EstimatorError) {
    counts = labels.oneHot().sum(axis: 0).cast(to: .float64)
    guard let given else {
      probabilities = counts / Double(labels.indices.count)
      return
    }
    if given.count != labels.classes.count || !given.allSatisfy({ $0 >= 0 }) || abs(given.reduce(0, +) - 1) > 1e-9 {
      throw .hyperparameter(
        "priors", of: estimator, expected: "\(labels.classes.count) shares that add up to 1", found: "\(given)")
    }
    probabilities = Tensor(given, shape: [given.count], dtype: .float64)
  }
}
