import Foundation
import TensorCore
import TensorIO
import Testing

/// What scikit-learn, SciPy and NumPy computed: Tests/Goldens/classic_clustering.safetensors, written by
/// scripts/goldens/classic_clustering.py.
enum ClusteringGoldens {
  static let all: [String: Tensor] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let place = folder.appending(path: "Goldens/classic_clustering.safetensors")
    return (try? SafeTensors(contentsOf: place).tensors()) ?? [:]
  }()

  static func golden(_ name: String) throws -> Tensor { try #require(all[name], "\(name)") }

  /// Samples less their means, over their deviations.
  static func scaledWine() throws -> Tensor {
    let x = try golden("wine.x")
    return (x - x.mean(axis: 0)) / x.variance(axis: 0, correction: 0).sqrt()
  }
}

/// Whether two labellings say the same, with other names.
func samePartition(_ a: Tensor, _ b: Tensor) -> Bool {
  let pairs = Set(zip(a.scalars(as: Int.self), b.scalars(as: Int.self)).map { [$0, $1] })
  return a.count == b.count && pairs.count == Set(pairs.map { $0[0] }).count
    && pairs.count == Set(pairs.map { $0[1] }).count
}

func meanAndDeviation(_ values: [Double]) -> (mean: Double, deviation: Double) {
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (mean, (squares / Double(values.count - 1)).squareRoot())
}

/// Whether a mean over ten runs is no larger than another, as far as so few tell: within three standard errors of the
/// difference.
func isNoLarger(
  _ found: (mean: Double, deviation: Double), _ other: (mean: Double, deviation: Double)
) -> Bool {
  let error = ((found.deviation * found.deviation + other.deviation * other.deviation) / 10).squareRoot()
  return found.mean <= other.mean + 3 * error
}
