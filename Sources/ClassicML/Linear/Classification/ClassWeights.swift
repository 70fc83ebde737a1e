import TensorCore

/// How much the samples of each class count.
public enum ClassWeights: Sendable, Hashable, Codable {
  /// 1 for every class.
  case equal
  /// n/(k·nᵢ) for class i with nᵢ of the n samples, where there are k classes: all classes together count the same.
  case balanced
  /// By class; 1 for those that are not named.
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
      if let (name, weight) = given.first(where: { !($0.value >= 0 && $0.value.isFinite) }) {
        throw .hyperparameter(
          "classWeights", of: estimator, expected: "numbers of 0 or more", found: "\(weight) for class \(name)")
      }
      weights = labels.classes.map { given[$0] ?? 1 }
    }
    if weights.allSatisfy({ $0 == 0 }) {
      throw .hyperparameter("classWeights", of: estimator, expected: "a class that counts", found: "0 for all")
    }
    return labels.indices.map { weights[$0] }
  }
}
