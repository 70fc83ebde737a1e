import Foundation
import TensorCore

extension KMeans.Start {
  /// The first centres, less the samples' origin, [clusters, features].
  func centres(
    _ count: Int, _ samples: SamplesAndCentres, for estimator: String, using generator: RandomGenerator
  ) throws(EstimatorError) -> Tensor {
    switch self {
    case .plusPlus: return Self.plusPlus(count, samples, using: generator)
    case .random:
      let order = Tensor.permutation(samples.count, using: generator)
      return samples.centres(at: order[0..<count].scalars(as: Int.self))
    case .centres(let centres):
      let expected: Shape = [count, samples.x.shape[1]]
      if centres.shape != expected {
        throw .hyperparameter("start", of: estimator, expected: "centres \(expected)", found: "\(centres.shape)")
      }
      try centres.checkFinite("start", for: estimator)
      return centres.detached().cast(to: .float64) - samples.origin.cast(to: .float64)
    }
  }

  /// Greedy k-means++: each next centre is the best of several samples that are drawn with probability ∝ the squared
  /// distance from the centres so far.
  private static func plusPlus(
    _ count: Int, _ samples: SamplesAndCentres, using generator: RandomGenerator
  ) -> Tensor {
    let trials = 2 + Int(log(Double(count)))
    let draws = Tensor.uniform([count, trials], dtype: .float64, using: generator)
    var chosen = [min(Int(draws[0, 0].item() * Double(samples.count)), samples.count - 1)]
    var closest = samples.squaredDistances(samples.centres(at: chosen))
    for next in 1..<max(count, 1) {
      let sums = closest.squeezed(1).cast(to: .float64).cumulativeSum(axis: 0)
      let places = sums.searchSorted(draws[next] * sums[-1], after: true)
      let candidates = places.scalars(as: Int.self).map { min($0, samples.count - 1) }
      let nearer = Tensor.minimum(closest, samples.squaredDistances(samples.centres(at: candidates)))
      let best = nearer.sum(axis: 0).argmin().item(Int.self)
      closest = nearer[.all, best..<(best + 1)].contiguous()
      chosen.append(candidates[best])
    }
    return samples.centres(at: chosen)
  }
}
