import TensorCore

/// How much worse a predictor's score gets when one feature's values are shuffled among the samples, so that they say nothing any more (Breiman,
/// "Random forests", 2001, section 10). Unlike a tree's own importances it can be measured on samples that were not learned from, and for any
/// predictor. Of features that say the same, each one alone matters little.
public struct PermutationImportance: Sendable {
  /// The score without shuffling, minus that with it. [features, repeats]
  public let drops: Tensor
  /// The score without shuffling.
  public let baseline: Double

  /// The mean over repeats. [features]
  public var means: Tensor { drops.mean(axis: 1) }
  /// The deviation over repeats, over n. [features]
  public var deviations: Tensor { (drops - drops.mean(axis: 1, keepingDimensions: true)).square().mean(axis: 1).sqrt() }

  /// Measures by the predictor's own score.
  ///
  /// ```swift
  /// let x = Tensor([[1.0, 7.0], [2.0, 1.0], [3.0, 4.0], [4.0, 2.0]], dtype: .float64)
  /// let y = Tensor([1.0, 2.0, 3.0, 4.0], dtype: .float64)
  /// let fitted = try LinearRegression().fit(x, y)
  /// let importance = try PermutationImportance(of: fitted, x, y)
  /// importance.means[0].item() > 0.5  // → true
  /// abs(importance.means[1].item()) < 1e-9  // → true
  /// ```
  ///
  /// - Parameters:
  ///   - x: [samples, features]
  ///   - y: [samples]
  public init(
    of predictor: some Predictor<any FeatureMatrix>, _ x: Tensor, _ y: Tensor, repeats: Int = 5, seed: UInt64 = 0
  ) throws(EstimatorError) {
    if repeats < 1 {
      throw .hyperparameter("repeats", of: "PermutationImportance", expected: "1 or more", found: "\(repeats)")
    }
    baseline = try predictor.score(x, y)
    let (rows, width) = (x.shape[0], x.shape[1])
    let generator = RandomGenerator(seed: seed)
    var drops: [Double] = []
    for feature in 0..<width {
      for _ in 0..<repeats {
        let order = Tensor.permutation(rows, using: generator)
        let shuffled = x[.all, feature...feature].indexSelected(axis: 0, indices: order)
        drops.append(baseline - (try predictor.score(x.replacing(feature: feature, by: shuffled), y)))
      }
    }
    self.drops = Tensor(drops, shape: [width, repeats], dtype: .float64)
  }
}

extension Tensor {
  /// Samples with another column in place of one. [samples, features]
  func replacing(feature: Int, by column: Tensor) -> Tensor {
    let parts = [
      feature > 0 ? self[.all, 0..<feature] : nil, column, feature + 1 < shape[1] ? self[.all, (feature + 1)...] : nil,
    ]
    return Tensor.concatenated(parts.compactMap(\.self), axis: 1)
  }
}
