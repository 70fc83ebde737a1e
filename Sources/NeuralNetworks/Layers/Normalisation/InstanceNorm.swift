import TensorCore

/// What `InstanceNorm1d`, `InstanceNorm2d` and `InstanceNorm3d` share: y = weight·(x − μ)/√(σ² + ε) + bias, with the
/// mean μ and the biased variance σ² of each sample's each channel over space (Ulyanov, Vedaldi & Lempitsky, 2016).
///
/// As in PyTorch, weight and bias are there only when asked for, and so are running statistics: with them, training
/// moves running = (1 − momentum)·running + momentum·new, where new is the batch's average of the means, and of the
/// variances divided by n − 1; evaluation mode takes the running ones for μ and σ². Without them, both modes are alike.
///
/// ```swift
/// let layer = InstanceNorm1d(1, epsilon: 0, trackingStatistics: true)
/// layer(Tensor([[[1.0, 3.0]]]))  // → [[[-1.0,  1.0]]]
/// layer.runningMean?.value ?? .zeros([])  // → [0.2]
/// ```
public class InstanceNorm<Size: WindowSize>: Module {
  /// [channels], 1 at first; nil unless `affine`.
  public final let weight: Parameter?
  /// [channels], 0 at first; nil unless `affine`.
  public final let bias: Parameter?
  /// [channels], 0 at first; nil unless statistics are tracked.
  public final let runningMean: Buffer?
  /// [channels], 1 at first; nil unless statistics are tracked.
  public final let runningVariance: Buffer?
  /// In PyTorch's state dictionaries, which never count it; nil unless statistics are tracked.
  public final let numBatchesTracked: Buffer?
  public final let channels: Int
  public final let momentum: Double
  public final let epsilon: Double

  /// Stops unless there is a channel, 0 ≤ momentum ≤ 1 and ε ≥ 0.
  public init(
    _ channels: Int, momentum: Double = 0.1, epsilon: Double = 1e-5, affine: Bool = false,
    trackingStatistics: Bool = false
  ) {
    guard channels >= 1, (0...1).contains(momentum), epsilon >= 0 else {
      stop(
        "\(type(of: self))", "\(channels) channels, momentum \(momentum), epsilon \(epsilon)",
        fix: "use at least one channel, a momentum in 0...1 and ε ≥ 0")
    }
    self.channels = channels
    self.momentum = momentum
    self.epsilon = epsilon
    weight = affine ? Parameter(Tensor.ones([channels])) : nil
    bias = affine ? Parameter(Tensor.zeros([channels])) : nil
    runningMean = trackingStatistics ? Buffer(Tensor.zeros([channels])) : nil
    runningVariance = trackingStatistics ? Buffer(Tensor.ones([channels])) : nil
    numBatchesTracked = trackingStatistics ? Buffer(Tensor(0)) : nil
  }

  public final func callAsFunction(_ x: Tensor) -> Tensor {
    if x.rank != Size.axes.count + 2 || x.shape[1] != channels {
      stop("\(type(of: self))", "x is \(x.shape)", fix: "pass \(Size.inputAxes(channels: channels))")
    }
    if let runningMean, let runningVariance {
      guard isTraining else {
        return batchNorm(
          x, mean: runningMean.value, variance: runningVariance.value,
          weight: weight?.value ?? Tensor.ones([channels], dtype: x.dtype),
          bias: bias?.value ?? Tensor.zeros([channels], dtype: x.dtype), epsilon: epsilon)
      }
      track(x.detached(), runningMean, runningVariance)
    }
    return instanceNorm(x, weight: weight?.value, bias: bias?.value, epsilon: epsilon)
  }

  private func track(_ x: Tensor, _ runningMean: Buffer, _ runningVariance: Buffer) {
    let space = Array(2..<x.rank)
    let (mean, variance) = (x.mean(axes: space).mean(axis: 0), x.variance(axes: space).mean(axis: 0))
    runningMean.update { $0 = $0 * (1 - momentum) + mean * momentum }
    runningVariance.update { $0 = $0 * (1 - momentum) + variance * momentum }
  }

  public final func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == Size.axes.count + 2, input[1] == channels, input.dimensions[2...].reduce(1, *) >= 2 else {
      throw ShapeError(self, input: input, "expects \(Size.inputAxes(channels: channels)) with two places or more")
    }
    return input
  }

  public final override func stateKey(for property: String) -> String {
    property == "runningVariance" ? "running_var" : super.stateKey(for: property)
  }

  public final override var configuration: String { "\(channels)" }
}

/// Instance normalisation of sequences: each channel of each sample to mean 0 and variance 1 over space (Ulyanov,
/// Vedaldi & Lempitsky, 2016); `InstanceNorm` describes the options.
///
/// [batch, channels, length], same shape out. Stops when the shapes do not fit or a channel has a single value.
///
/// ```swift
/// InstanceNorm1d(1, epsilon: 0)(Tensor([[[1.0, 3.0]]]))  // → [[[-1.0,  1.0]]]
/// ```
public final class InstanceNorm1d: InstanceNorm<Int>, Layer {}

/// Instance normalisation of pictures: each channel of each sample to mean 0 and variance 1 over space (Ulyanov,
/// Vedaldi & Lempitsky, 2016); `InstanceNorm` describes the options.
///
/// [batch, channels, height, width], same shape out. Stops when the shapes do not fit or a channel has a single value.
///
/// ```swift
/// InstanceNorm2d(3, affine: true)(Tensor.ones([2, 3, 4, 4])).shape  // → [2, 3, 4, 4]
/// ```
public final class InstanceNorm2d: InstanceNorm<Size2D>, Layer {}

/// Instance normalisation of volumes: each channel of each sample to mean 0 and variance 1 over space (Ulyanov, Vedaldi
/// & Lempitsky, 2016); `InstanceNorm` describes the options.
///
/// [batch, channels, depth, height, width], same shape out. Stops when the shapes do not fit or a channel has a single
/// value.
///
/// ```swift
/// InstanceNorm3d(3)(Tensor.ones([2, 3, 4, 4, 2])).shape  // → [2, 3, 4, 4, 2]
/// ```
public final class InstanceNorm3d: InstanceNorm<Size3D>, Layer {}
