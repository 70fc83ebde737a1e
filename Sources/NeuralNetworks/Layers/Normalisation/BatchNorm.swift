import TensorCore

/// What `BatchNorm1d`, `BatchNorm2d` and `BatchNorm3d` share: y = weight·(x − μ)/√(σ² + ε) + bias for each channel
/// (Ioffe & Szegedy, 2015).
///
/// In training, μ and σ² are the batch's (σ² divided by n), and the running statistics move towards them: running =
/// (1 − momentum)·running + momentum·new, where the new variance is divided by n − 1, as in PyTorch. In evaluation
/// mode μ and σ² are the running ones, which stay. Without tracked statistics, μ and σ² are the batch's in both modes.
///
/// ```swift
/// let layer = BatchNorm1d(1, momentum: 0.5)
/// _ = layer(Tensor([[1.0], [3.0]]))
/// layer.runningMean?.value ?? .zeros([])  // → [1.0]
/// layer.runningVariance?.value ?? .zeros([])  // → [1.5]
/// BatchNorm1d(1, affine: false, trackingStatistics: false).stateDictionary().names  // → []
/// ```
public class BatchNorm: Module {
  /// [channels], 1 at first; without `affine` there is none.
  public let weight: Parameter?
  /// [channels], 0 at first; without `affine` there is none.
  public let bias: Parameter?
  public let channels: Int
  /// [channels], 0 at first; nil unless statistics are tracked.
  public let runningMean: Buffer?
  /// [channels], 1 at first; nil unless statistics are tracked.
  public let runningVariance: Buffer?
  /// How many batches have been seen in training: an int64 scalar; nil unless statistics are tracked.
  public let numBatchesTracked: Buffer?
  /// How far the running statistics move with each batch; nil for the plain average of all batches.
  public let momentum: Double?
  public let epsilon: Double

  /// Stops unless there is a channel, 0 ≤ momentum ≤ 1 and ε ≥ 0.
  init(_ channels: Int, momentum: Double?, epsilon: Double, affine: Bool, trackingStatistics: Bool) {
    guard channels >= 1, (0...1).contains(momentum ?? 0), epsilon >= 0 else {
      stop(
        "BatchNorm", "\(channels) channels, momentum \(momentum.map { "\($0)" } ?? "nil"), epsilon \(epsilon)",
        fix: "use at least one channel, a momentum in 0...1 and an epsilon of at least 0")
    }
    self.channels = channels
    weight = affine ? Parameter(Tensor.ones([channels])) : nil
    bias = affine ? Parameter(Tensor.zeros([channels])) : nil
    runningMean = trackingStatistics ? Buffer(Tensor.zeros([channels])) : nil
    runningVariance = trackingStatistics ? Buffer(Tensor.ones([channels])) : nil
    numBatchesTracked = trackingStatistics ? Buffer(Tensor(0)) : nil
    self.momentum = momentum
    self.epsilon = epsilon
  }

  public override func stateKey(for property: String) -> String {
    property == "runningVariance" ? "running_var" : super.stateKey(for: property)
  }

  public override var configuration: String { "\(channels)" }

  func normalised(_ x: Tensor) -> Tensor {
    let weight = weight?.value ?? Tensor.ones([channels], dtype: x.dtype)
    let bias = bias?.value ?? Tensor.zeros([channels], dtype: x.dtype)
    guard let runningMean, let runningVariance, let numBatchesTracked else {
      return batchNorm(x, weight: weight, bias: bias, epsilon: epsilon).y
    }
    guard isTraining else {
      return batchNorm(
        x, mean: runningMean.value, variance: runningVariance.value, weight: weight, bias: bias, epsilon: epsilon)
    }
    let (y, mean, variance) = batchNorm(x, weight: weight, bias: bias, epsilon: epsilon)
    let n = Double(x.count / channels)
    numBatchesTracked.update { $0 = $0 + 1 }
    let share = momentum ?? 1 / numBatchesTracked.value.item()
    runningMean.update { $0 = $0 * (1 - share) + mean * share }
    runningVariance.update { $0 = $0 * (1 - share) + variance * (share * n / (n - 1)) }
    return y
  }
}
