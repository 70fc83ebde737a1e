import Foundation
import TensorCore

/// How the weights of an ``ElasticNet`` grow as its penalty becomes weaker: what a chart of a lasso path shows.
public struct ElasticNetPath: Sendable, Codable {
  /// α, descending. At the first one all weights are 0 (to rounding).
  public let strengths: [Double]
  /// w at each strength, [strengths, features].
  public let coefficients: Tensor
  /// b at each strength, [strengths].
  public let intercepts: Tensor
  /// Bounds on how far each sum is above the smallest.
  public let dualityGaps: [Double]
  public let iterations: [Int]
}

extension ElasticNet {
  /// Fits at `count` strengths, from the weakest one at which all weights are 0, α₀ = max|Xᵀy|/(nρ), down to `ratio`·α₀, in equal steps of
  /// the logarithm, each beginning with the weights of the one before. The estimator's own strength is not used; ρ must be above 0.
  ///
  /// ```swift
  /// let x = Tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]], dtype: .float64)
  /// let path = try Lasso().path(x, Tensor([4.0, 0.4, -4.0, -0.4]), count: 3, ratio: 0.01)
  /// path.strengths  // ≈ [2, 0.2, 0.02]
  /// path.coefficients  // ≈ [[0, 0], [3.6, 0], [3.96, 0.36]]
  /// ```
  public func path(
    _ x: any FeatureMatrix, _ y: Tensor, count: Int = 100, ratio: Double = 1e-3
  ) throws(EstimatorError) -> ElasticNetPath {
    if count < 1 || !(ratio > 0 && ratio < 1) {
      throw .hyperparameter(
        "path", of: Self.name, expected: "1 strength or more, down to a share between 0 and 1",
        found: "\(count), down to \(ratio)")
    }
    try require(\.l1Ratio, "a number above 0, up to 1") { $0 > 0 && $0 <= 1 }
    try requireSense()
    let problem = try centred(x, y)
    var descent = CoordinateDescent(problem.x, problem.y)
    let steepest = descent.projections.reduce(0) { Swift.max($0, abs($1)) }
    let first = steepest / (Double(problem.x.shape[0]) * l1Ratio)
    if first == 0 {
      throw .input("y", of: Self.name, expected: "targets that some feature goes along with", found: "none that does")
    }
    let strengths = (0..<count).map { first * pow(ratio, Double($0) / Double(Swift.max(1, count - 1))) }
    let fits = strengths.map { fitted(&descent, problem, strength: $0) }
    return ElasticNetPath(
      strengths: strengths, coefficients: Tensor.stacked(fits.map(\.coefficients)),
      intercepts: Tensor.stacked(fits.map(\.intercept)), dualityGaps: fits.map(\.dualityGap),
      iterations: fits.map(\.iterations))
  }
}

extension Lasso {
  /// Fits at `count` strengths: see ``ElasticNet/path(_:_:count:ratio:)``.
  public func path(
    _ x: any FeatureMatrix, _ y: Tensor, count: Int = 100, ratio: Double = 1e-3
  ) throws(EstimatorError) -> ElasticNetPath {
    try elasticNet.path(x, y, count: count, ratio: ratio)
  }
}
