import TensorCore

/// A mixture of Gaussians, p(x) = Σₖ πₖ·N(x; μₖ, Σₖ), by expectation maximisation: each component's share of each
/// sample, and then the components again from those shares, until the likelihood hardly grows (Dempster, Laird & Rubin,
/// 1977; Bishop, "Pattern Recognition and Machine Learning", 2006, section 9.2).
///
/// ```swift
/// let x = Tensor([[-1.0], [-1.2], [-0.8], [5.0], [5.3], [4.7]], dtype: .float64)
/// let fitted = try GaussianMixture(components: 2).fit(x)
/// fitted.weights  // ≈ [0.5, 0.5]
/// fitted.means.sum().item()  // ≈ 4
/// ```
public struct GaussianMixture: DensityEstimator {
  /// The first shares.
  public enum Start: String, Sendable, Hashable, Codable {
    /// 1 for the group that ``KMeans`` finds.
    case kMeans
    /// Drawn evenly.
    case random
  }

  public var components: Int
  public var covariance: CovarianceKind
  /// It stops when the mean log-likelihood of a sample grows by less.
  public var tolerance: Double
  /// What is added to each variance, so that no component shrinks to a point.
  public var regularisation: Double
  public var maximumIterations: Int
  public var start: Start
  /// How many times to start; the likeliest result is kept.
  public var starts: Int
  public var seed: UInt64

  public init(
    components: Int = 1, covariance: CovarianceKind = .full, tolerance: Double = 1e-3, regularisation: Double = 1e-6,
    maximumIterations: Int = 100, start: Start = .kMeans, starts: Int = 1, seed: UInt64 = 0
  ) {
    (self.components, self.covariance, self.tolerance) = (components, covariance, tolerance)
    (self.regularisation, self.maximumIterations) = (regularisation, maximumIterations)
    (self.start, self.starts, self.seed) = (start, starts, seed)
  }

  public typealias Fitted = FittedGaussianMixture

  public func fit(_ x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
    try require(\.components, "1 or more") { $0 >= 1 }
    try require(\.tolerance, "0 or more") { $0 >= 0 && $0.isFinite }
    try require(\.regularisation, "0 or more") { $0 >= 0 && $0.isFinite }
    try require(\.maximumIterations, "1 or more") { $0 >= 1 }
    try require(\.starts, "1 or more") { $0 >= 1 }
    let x = try x.dense(for: Self.name, minimumRows: components).cast(to: .float64)
    // Counted from the mean: far from zero, E[x²] − E[x]² would cancel.
    let origin = x.mean(axis: 0)
    let centred = x - origin
    let generator = RandomGenerator(seed: seed)
    var best = try run(centred, try shares(centred, using: generator.derived(0)))
    for round in 1..<max(starts, 1) {
      let next = try run(centred, try shares(centred, using: generator.derived(UInt64(round))))
      if next.logLikelihood > best.logLikelihood { best = next }
    }
    return best.moved(by: origin)
  }

  /// [samples, components], each row adding up to 1.
  private func shares(_ x: Tensor, using generator: RandomGenerator) throws(EstimatorError) -> Tensor {
    switch start {
    case .kMeans:
      let groups = try KMeans(clusters: components, seed: generator.state.seed).fit(x)
      return groups.labels.oneHot(classes: components, dtype: .float64)
    case .random:
      let draws = Tensor.uniform([x.shape[0], components], dtype: .float64, using: generator)
      return draws / draws.sum(axis: 1, keepingDimensions: true)
    }
  }

  private func run(_ x: Tensor, _ shares: Tensor) throws(EstimatorError) -> Fitted {
    var mixture = maximised(x, shares)
    var (likelihood, iterations, hasConverged) = (-Double.infinity, 0, false)
    while iterations < maximumIterations && !hasConverged {
      iterations += 1
      let joint = try mixture.components.logDensities(x, of: Self.name) + mixture.weights.log()
      let evidence = joint.logSumExp(axis: 1, keepingDimensions: true)
      mixture = maximised(x, (joint - evidence).exp())
      let last = likelihood
      likelihood = evidence.mean().item()
      hasConverged = abs(likelihood - last) < tolerance
    }
    // The components have moved since the likelihood was measured.
    let joint = try mixture.components.logDensities(x, of: Self.name) + mixture.weights.log()
    return Fitted(
      weights: mixture.weights, components: mixture.components, logLikelihood: joint.logSumExp(axis: 1).mean().item(),
      iterations: iterations, hasConverged: hasConverged)
  }

  /// The weights and components that fit the shares best.
  private func maximised(_ x: Tensor, _ shares: Tensor) -> (weights: Tensor, components: Gaussians) {
    let counts = shares.sum(axis: 0) + 10 * 2.2e-16
    return (counts / counts.sum(), Gaussians(x, shares, counts, covariance, regularisation))
  }
}
