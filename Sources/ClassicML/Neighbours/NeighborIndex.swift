import TensorCore

/// Samples among which the nearest can be found: what ``NearestNeighbors`` makes of them.
///
/// Equally distant samples come in the order of their rows. Distances are computed in float64 from differences, not
/// from products, whose rounding would hide small ones.
public struct NeighborIndex: FittedValue {
  /// [samples, features]
  public let samples: Tensor
  /// What is used; never `.automatic`.
  public let algorithm: NearestNeighbors.Algorithm
  public let metric: NeighborMetric
  public let leafSize: Int

  private let searcher: any NeighborSearcher

  init(samples: Tensor, algorithm: NearestNeighbors.Algorithm, metric: NeighborMetric, leafSize: Int) {
    (self.samples, self.algorithm, self.metric, self.leafSize) = (samples, algorithm, metric, leafSize)
    switch (algorithm, metric) {
    case (.bruteForce, .euclidean), (.bruteForce, .minkowski(p: 2)):
      searcher = ProductSearcher(samples, measure: .euclidean)
    case (_, .cosine): searcher = ProductSearcher(samples, measure: .cosine)
    case (.ballTree, _): searcher = NeighborTree(samples, shape: .balls, metric: metric, leafSize: leafSize)
    case (.kdTree, _): searcher = NeighborTree(samples, shape: .boxes, metric: metric, leafSize: leafSize)
    // A tree of one leaf looks at every sample.
    default: searcher = NeighborTree(samples, shape: .boxes, metric: metric, leafSize: samples.shape[0])
    }
  }

  /// The nearest samples of each row of x, the nearest first.
  ///
  /// ```swift
  /// let index = try NearestNeighbors().fit(Tensor([[1.0], [5.0], [6.0]]))
  /// try index.neighbors(of: Tensor([[4.0], [0.0]]), count: 2).indices  // → [[1, 2], [0, 1]]
  /// ```
  ///
  /// - Parameters:
  ///   - x: [queries, features]
  ///   - count: How many; no more than there are samples.
  /// - Returns: The distances, in the dtype of the samples, and the rows of ``samples``, int64; both [queries, count].
  public func neighbors(
    of x: any FeatureMatrix, count: Int
  ) throws(EstimatorError) -> (distances: Tensor, indices: Tensor) {
    guard (1...samples.shape[0]).contains(count) else {
      throw .hyperparameter(
        "count", of: NearestNeighbors.name, expected: "a number from 1 to the \(samples.shape[0]) samples",
        found: "\(count)")
    }
    let found = searcher.nearest(count, of: try queries(x))
    let shape: Shape = [x.rowCount, count]
    return (
      Tensor(found.flatMap { $0.lazy.map(\.distance) }, shape: shape, dtype: samples.dtype),
      Tensor(found.flatMap { $0.lazy.map(\.index) }, shape: shape)
    )
  }

  /// For each row of x, the samples that are no further than `radius` from it, the nearest first.
  ///
  /// ```swift
  /// let index = try NearestNeighbors().fit(Tensor([[1.0], [5.0], [6.0]]))
  /// try index.neighbors(of: Tensor([[4.5], [9.0]]), within: 1.5).map { $0.map(\.index) }  // → [[1, 2], []]
  /// ```
  ///
  /// - Parameter x: [queries, features]
  public func neighbors(
    of x: any FeatureMatrix, within radius: Double
  ) throws(EstimatorError) -> [[Neighbor]] {
    guard radius >= 0 else {
      throw .hyperparameter("radius", of: NearestNeighbors.name, expected: "0 or more", found: "\(radius)")
    }
    return searcher.within(radius, of: try queries(x))
  }

  private func queries(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
    try x.dense(for: NearestNeighbors.name, width: samples.shape[1], minimumRows: 0).cast(to: samples.dtype)
  }
}

/// A sample that was found.
public struct Neighbor: Sendable, Hashable {
  /// Its row.
  public let index: Int
  public let distance: Double
}

/// A way of finding neighbours.
protocol NeighborSearcher: Sendable {
  /// Of each of x [queries, features], `count` samples, by their distances and then their rows.
  func nearest(_ count: Int, of x: Tensor) -> [[Neighbor]]
  func within(_ radius: Double, of x: Tensor) -> [[Neighbor]]
}

// MARK: - Files

extension NeighborIndex {
  private enum CodingKeys: String, CodingKey { case samples, algorithm, metric, leafSize }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let samples = try container.decode(Tensor.self, forKey: .samples)
    let algorithm = try container.decode(NearestNeighbors.Algorithm.self, forKey: .algorithm)
    let metric = try container.decode(NeighborMetric.self, forKey: .metric)
    let leafSize = try container.decode(Int.self, forKey: .leafSize)
    let isMatrix = samples.rank == 2 && samples.count > 0 && [.float32, .float64].contains(samples.dtype)
    guard isMatrix, leafSize > 0, metric.isSensible, algorithm != .automatic else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription: "no index: \(samples.dtype) \(samples.shape), \(algorithm), \(metric), \(leafSize)"))
    }
    // The tree is grown again: it is the same one.
    self.init(samples: samples, algorithm: algorithm, metric: metric, leafSize: leafSize)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(samples, forKey: .samples)
    try container.encode(algorithm, forKey: .algorithm)
    try container.encode(metric, forKey: .metric)
    try container.encode(leafSize, forKey: .leafSize)
  }
}
