import TensorCore

/// The network of an ``MLPClassifier``, whose outputs are numbers: it learns by half the mean squared error. Features and targets should be of about the
/// same scale.
///
/// ```swift
/// let x = Tensor.linspace(-2, 2, count: 41, dtype: .float64).unsqueezed(1)
/// let settings = MLPTraining(learningRate: 0.02, maximumIterations: 500, tolerance: 1e-6)
/// let fitted = try MLPRegressor(hiddenSizes: [32], activation: .tanh, training: settings).fit(x, x.square().squeezed(1))
/// try fitted.score(x, x.square().squeezed(1)) > 0.99  // → true
/// ```
public struct MLPRegressor: Regressor {
  /// The sizes of the layers before the last one.
  public var hiddenSizes: [Int]
  public var activation: MLPActivation
  public var training: MLPTraining
  public var seed: UInt64

  public init(
    hiddenSizes: [Int] = [100], activation: MLPActivation = .relu, training: MLPTraining = MLPTraining(),
    seed: UInt64 = 0
  ) {
    (self.hiddenSizes, self.activation, self.training) = (hiddenSizes, activation, training)
    self.seed = seed
  }

  public func fit(_ x: any FeatureMatrix, _ y: Tensor) throws(EstimatorError) -> Fitted {
    try require(\.hiddenSizes, "sizes of 1 or more") { $0.allSatisfy { $0 >= 1 } }
    try require(\.training, "settings in their ranges") { $0.isSensible }
    let x = try x.dense(for: Self.name, minimumRows: training.stopsEarly ? 2 : 1)
    let y = try Targets(y, rows: x.shape[0], for: Self.name, dtype: x.dtype).values
    let isSingle = y.rank == 1
    let targets = isSingle ? y.unsqueezed(1) : y
    let course = training.run(
      x, targets, sizes: hiddenSizes + [targets.shape[1]], activation: activation, seed: seed
    ) { ($0 - $1).square().mean() * 0.5 }
    try Self.requireEnd(course)
    return Fitted(
      network: course.network, isSingle: isSingle, losses: course.losses, hasConverged: course.hasConverged)
  }

  public struct Fitted: FittedRegressor {
    public let network: PerceptronLayers
    /// Whether predictions are [samples], not [samples, targets].
    public let isSingle: Bool
    /// The loss of each round, of the samples held back if there are such.
    public let losses: [Double]
    /// Whether the loss came to a halt in time.
    public let hasConverged: Bool

    public func predict(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let y = network.outputs(try x.dense(for: MLPRegressor.name, width: network.inputs))
      return isSingle ? y[.all, 0] : y
    }
  }
}
