import TensorCore

/// How much each of a sample's neighbours counts.
public enum NeighborWeights: String, Sendable, Hashable, Codable {
  /// All the same.
  case uniform
  /// 1/distance. Neighbours at distance 0 count alone, if there are some.
  case distance

  /// - Parameter distances: [queries, neighbours]
  /// - Returns: The same shape, float64; each row adds up to 1.
  func shares(_ distances: Tensor) -> Tensor {
    let distances = distances.cast(to: .float64)
    var weights = Tensor.ones(distances.shape, dtype: .float64)
    if self == .distance {
      let isThere = (distances .== 0).cast(to: .float64)
      let meetsSome = isThere.sum(axis: 1, keepingDimensions: true) .> 0
      weights = Tensor.where(meetsSome, isThere, distances.reciprocal())
      // 1/distance of the tiniest distances is infinite: they count as the nearest one does.
      let nearest = distances.min(axis: 1, keepingDimensions: true)
      weights = Tensor.where(weights.isFinite(), weights, (nearest .== distances).cast(to: .float64))
    }
    return weights / weights.sum(axis: 1, keepingDimensions: true)
  }
}
