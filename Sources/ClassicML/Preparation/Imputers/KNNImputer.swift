import TensorCore

/// Fills missing numbers (NaN) with the mean of the nearest samples of the fit that have them (Troyanskaya et al., "Missing value estimation methods for DNA
/// microarrays", 2001). Distances are over the features that both samples have: √(p/n·Σ(x − y)²), n of p features.
///
/// ```swift
/// let x = Tensor([[1.0, 10.0], [1.1, 14.0], [9.0, 80.0], [1.05, .nan]], dtype: .float64)
/// try KNNImputer(neighbors: 2).fit(x).transform(x)[3, 1].item()  // ≈ 12
/// ```
public struct KNNImputer: Transformer {
  public enum Weights: String, Sendable, Hashable, Codable {
    case uniform
    /// 1/distance; samples at distance 0 alone, if there are any.
    case distance
  }

  public var neighbors: Int
  public var weights: Weights

  public init(neighbors: Int = 5, weights: Weights = .uniform) {
    (self.neighbors, self.weights) = (neighbors, weights)
  }

  public struct Fitted: FittedTransformer {
    /// The samples of the fit, [samples, features].
    public let samples: Tensor
    /// Of what is there, float64 [features]: fills where no sample is near.
    public let means: Tensor
    let settings: KNNImputer

    public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let x = try x.dense(for: KNNImputer.name, width: means.count, allowsMissing: true)
      let (rows, width, count) = (x.shape[0], means.count, samples.shape[0])
      var filled = x.cast(to: .float64)
      let means = means.scalars(as: Double.self)
      filled.withUnsafeMutableBuffer(of: Double.self) { filled in
        samples.withUnsafeBuffer(of: Double.self) { samples in
          guard let filled = filled.baseAddress, let samples = samples.baseAddress else { return }
          let (x, donors) = (MutableElements(element: filled), Elements(element: samples))
          ParallelRows.run(count: rows, size: ParallelRows.size(operations: count * width)) { [settings] part in
            for row in part {
              settings.fill(x.element + row * width, from: donors.element, count: count, width: width, means)
            }
          }
        }
      }
      return filled.cast(to: x.dtype)
    }
  }

  /// Fills one sample.
  private func fill(
    _ x: UnsafeMutablePointer<Double>, from donors: UnsafePointer<Double>, count: Int, width: Int, _ means: [Double]
  ) {
    let missing = (0..<width).filter { x[$0].isNaN }
    if missing.isEmpty { return }
    let distances = (0..<count).map { donor in
      var (sum, present) = (0.0, 0)
      for feature in 0..<width {
        let gap = x[feature] - donors[donor * width + feature]
        if !gap.isNaN { (sum, present) = (sum + gap * gap, present + 1) }
      }
      return present == 0 ? Double.nan : (sum * Double(width) / Double(present)).squareRoot()
    }
    let order = distances.indices.filter { !distances[$0].isNaN }.sorted { (distances[$0], $0) < (distances[$1], $1) }
    let values = missing.map { feature in
      let near = order.lazy.filter { !donors[$0 * width + feature].isNaN }.prefix(neighbors)
      let isExact = weights == .distance && near.contains { distances[$0] == 0 }
      var (sum, total) = (0.0, 0.0)
      for donor in near {
        let weight =
          weights == .uniform ? 1 : isExact ? (distances[donor] == 0 ? 1 : 0) : 1 / distances[donor]
        sum += weight * donors[donor * width + feature]
        total += weight
      }
      return total > 0 ? sum / total : means[feature]
    }
    for (feature, value) in zip(missing, values) { x[feature] = value }
  }

  public func fit(_ x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
    try require(\.neighbors, "1 or more") { $0 > 0 }
    let x = try x.dense(for: Self.name, allowsMissing: true)
    let means = x.cast(to: .float64).nanMean(axes: [0])
    if let feature = means.scalars(as: Double.self).firstIndex(where: \.isNaN) {
      throw .input("x", of: Self.name, expected: "a number in each feature", found: "none in column \(feature)")
    }
    return Fitted(samples: x, means: means, settings: self)
  }
}

extension KNNImputer.Fitted {
  public init(from decoder: any Decoder) throws {
    let parts = try decoder.container(keyedBy: CodingKeys.self)
    self.init(samples: try parts.value(.samples), means: try parts.value(.means), settings: try parts.value(.settings))
    try decoder.require(
      means.rank == 1 && samples.rank == 2 && samples.shape[1] == means.count && settings.neighbors > 0,
      "samples as wide as the means")
  }
}
