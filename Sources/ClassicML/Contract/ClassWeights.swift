import TensorCore

/// How much the samples of each class count.
public enum ClassWeights: Sendable, Hashable, Codable {
  /// 1 for every class.
  case equal
  /// n/(k·nᵢ) for class i with nᵢ of the n samples, where there are k classes: all classes together count the same.
  case balanced
  /// By class, above 0; 1 for those that are not named.
  case given([Int: Double])

  /// The weight of each sample; nil if all are 1.
  func ofSamples(_ labels: Labels, for estimator: String) throws(EstimatorError) -> [Double]? {
    let weights: [Double]
    switch self {
    case .equal: return nil
    case .balanced:
      let counts = labels.indices.reduce(into: [Int](repeating: 0, count: labels.classes.count)) { $0[$1] += 1 }
      weights = counts.map { Double(labels.indices.count) / (Double(labels.classes.count) * Double($0)) }
    case .given(let given):
      for (label, weight) in given.sorted(by: { $0.key < $1.key }) {
        if weight > 0 && weight.isFinite && labels.classes.contains(label) { continue }
        throw .hyperparameter(
          "classWeights", of: estimator, expected: "numbers above 0 for classes that there are",
          found: "\(weight) for class \(label)")
      }
      weights = labels.classes.map { given[$0] ?? 1 }
    }
    return labels.indices.map { weights[$0] }
  }
}
