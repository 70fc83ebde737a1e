import TensorCore

/// Each category as the mean that its samples' targets have, drawn towards the mean of all where they are few: λ·ȳᵢ + (1 − λ)·ȳ
/// (Micci-Barreca, "A preprocessing scheme for high-cardinality categorical attributes in classification and prediction problems", 2001).
/// Targets are numbers, or the classes 0 and 1.
///
/// ```swift
/// let x = Tensor([[0], [0], [1], [1]])
/// let fitted = try TargetEncoder(smoothing: 2).fit(x, Tensor([1.0, 3.0, 6.0, 10.0]))
/// try fitted.transform(Tensor([[0], [1], [7]]))  // → [[3.5], [6.5], [5.0]]
/// ```
public struct TargetEncoder: SupervisedTransformer {
  /// m, for λ = n/(n + m) with n samples of the category; nil: empirical Bayes, λ = n·σ²/(n·σ² + σᵢ²) with the variances of all targets and of the
  /// category's.
  public var smoothing: Double?

  public init(smoothing: Double? = nil) { self.smoothing = smoothing }

  public struct Fitted: FittedTransformer {
    let categories: Categories
    /// The number for each category of each feature.
    public let encodings: [[Double]]
    /// ȳ, which stands for categories that the fit did not have.
    public let targetMean: Double

    /// [samples, features]
    public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let x = try x.dense(for: TargetEncoder.name, width: encodings.count)
      let positions = try categories.positions(of: CategoryValues(x), unknown: .ignored, for: TargetEncoder.name)
      let columns = zip(positions, encodings).map { places, values in
        places.map { $0 < 0 ? targetMean : values[$0] }
      }
      return Tensor(columns: columns, dtype: x.dtype)
    }
  }

  public func fit(_ x: any FeatureMatrix, _ y: Tensor) throws(EstimatorError) -> Fitted {
    try require(\.smoothing, "a number of 0 or more, or nil") { $0.map { $0 >= 0 && $0.isFinite } ?? true }
    let x = try x.dense(for: Self.name)
    let y = try Targets(y, rows: x.shape[0], for: Self.name, several: false).values.scalars(as: Double.self)
    let columns = CategoryValues(x)
    let categories = try Categories(fitting: columns, for: Self.name)
    let mean = y.reduce(0, +) / Double(y.count)
    let variance = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(y.count)
    let positions = try categories.positions(of: columns, unknown: .refused, for: Self.name)
    let encodings = zip(positions, categories.levels).map { places, level in
      smoothedMeans(places, level.count, y, mean, variance)
    }
    return Fitted(categories: categories, encodings: encodings, targetMean: mean)
  }

  private func smoothedMeans(
    _ places: [Int], _ count: Int, _ y: [Double], _ mean: Double, _ variance: Double
  ) -> [Double] {
    var (sums, counts) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    for (place, target) in zip(places, y) {
      sums[place] += target
      counts[place] += 1
    }
    if let smoothing { return zip(sums, counts).map { ($0 + smoothing * mean) / ($1 + smoothing) } }
    let means = zip(sums, counts).map { $0 / $1 }
    var squares = [Double](repeating: 0, count: count)
    for (place, target) in zip(places, y) { squares[place] += (target - means[place]) * (target - means[place]) }
    return means.indices.map { level in
      let trust = counts[level] * variance
      let lambda = trust / (trust + squares[level] / counts[level])
      return lambda.isNaN ? mean : lambda * means[level] + (1 - lambda) * mean
    }
  }

  /// The samples of the fit with means that no sample has a part in itself: each is encoded by what the other folds' targets say, so that a model behind does
  /// not learn to trust a rare category's own target.
  ///
  /// - Parameter folds: 2 or more; samples go to them by a random order.
  public func crossFitted(
    _ x: any FeatureMatrix, _ y: Tensor, folds: Int = 5, seed: UInt64 = 0
  ) throws(EstimatorError) -> Tensor {
    let x = try x.dense(for: Self.name, minimumRows: 2)
    guard (2...x.shape[0]).contains(folds) else {
      throw .hyperparameter("folds", of: Self.name, expected: "2 to \(x.shape[0])", found: "\(folds)")
    }
    _ = try Targets(y, rows: x.shape[0], for: Self.name, several: false)
    let order = Tensor.permutation(x.shape[0], using: RandomGenerator(seed: seed)).scalars(as: Int.self)
    var (places, parts) = ([Int](), [Tensor]())
    for fold in 0..<folds {
      let own = order.indices.filter { $0 % folds == fold }.map { order[$0] }
      let others = order.indices.filter { $0 % folds != fold }.map { order[$0] }
      parts.append(try fit(x.rows(others), y.rows(others)).transform(x.rows(own)))
      places += own
    }
    return Tensor.concatenated(parts, axis: 0).rows(
      Tensor(places, shape: [places.count]).argsort().scalars(as: Int.self))
  }
}

extension TargetEncoder.Fitted {
  public init(from decoder: any Decoder) throws {
    let parts = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      categories: try parts.value(.categories), encodings: try parts.value(.encodings),
      targetMean: try parts.value(.targetMean))
    try decoder.require(encodings.map(\.count) == categories.levels.map(\.count), "a number for each category")
  }
}
