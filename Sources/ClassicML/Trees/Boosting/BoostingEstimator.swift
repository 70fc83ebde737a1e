import TensorCore

/// What both histogram gradient boostings can be told.
protocol BoostingEstimator: Estimator {
  var rounds: Int { get }
  var learningRate: Double { get }
  var maximumLeaves: Int { get }
  var maximumDepth: Int? { get }
  var minimumSamplesInLeaf: Int { get }
  var regularization: Double { get }
  var maximumBins: Int { get }
  var stopsEarly: Bool? { get }
  var validationShare: Double { get }
  var patience: Int { get }
  var tolerance: Double { get }
  var seed: UInt64 { get }
}

extension BoostingEstimator {
  /// Checked, for so many samples.
  func boosting(_ loss: BoostingLoss, samples: Int) throws(EstimatorError) -> BoostingRounds {
    func check(_ name: String, _ expected: String, _ found: Any, _ holds: Bool) throws(EstimatorError) {
      if !holds { throw .hyperparameter(name, of: Self.name, expected: expected, found: "\(found)") }
    }
    try check("rounds", "1 or more", rounds, rounds >= 1)
    try check("learningRate", "a number above 0", learningRate, learningRate > 0 && learningRate.isFinite)
    try check("maximumLeaves", "2 or more", maximumLeaves, maximumLeaves >= 2)
    try check("maximumDepth", "1 or more, or nil", maximumDepth ?? 1, maximumDepth ?? 1 >= 1)
    try check("minimumSamplesInLeaf", "1 or more", minimumSamplesInLeaf, minimumSamplesInLeaf >= 1)
    try check("regularization", "a number from 0", regularization, regularization >= 0 && regularization.isFinite)
    try check("maximumBins", "2 to 255", maximumBins, (2...255).contains(maximumBins))
    try check("validationShare", "above 0 and below 1", validationShare, validationShare > 0 && validationShare < 1)
    try check("patience", "1 or more", patience, patience >= 1)
    try check("tolerance", "a number from 0", tolerance, tolerance >= 0)
    return BoostingRounds(
      name: Self.name, loss: loss, count: rounds,
      limits: BoostingLimits(
        maximumLeaves: maximumLeaves, maximumDepth: maximumDepth ?? .max, minimumSamplesInLeaf: minimumSamplesInLeaf,
        regularization: regularization, learningRate: learningRate),
      maximumBins: maximumBins,
      stopping: stopsEarly ?? (samples > 10_000)
        ? .init(validationShare: validationShare, patience: patience, tolerance: tolerance) : nil,
      seed: seed)
  }
}

extension FeatureMatrix {
  /// As ``dense(for:width:minimumRows:)``, with NaN for values that are missing.
  func denseOrMissing(for estimator: String, width: Int? = nil) throws(EstimatorError) -> Tensor {
    guard let tensor = self as? Tensor, tensor.rank == 2, tensor.dtype.isFloatingPoint else {
      return try dense(for: estimator, width: width)
    }
    try checkSize(for: estimator, width: width, minimumRows: 1)
    let x = tensor.detached().cast(to: tensor.dtype == .float64 ? .float64 : .float32).contiguous()
    if x.isInfinite().any().item(Bool.self) {
      throw .input("x", of: estimator, expected: "numbers, or NaN where they are missing", found: "an infinite one")
    }
    return x
  }
}
