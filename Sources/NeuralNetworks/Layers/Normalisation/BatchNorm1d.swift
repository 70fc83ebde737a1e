import TensorCore

/// Batch normalisation of rows or sequences: y = weight·(x − μ)/√(σ² + ε) + bias, with each channel's mean μ and
/// variance σ² over the batch and the sequence in training, and running ones in evaluation mode (Ioffe & Szegedy,
/// 2015).
///
/// [batch, channels] or [batch, channels, length], same shape out; weight, bias, running mean and variance
/// [channels]. Stops when the shapes do not fit, and in training when a channel has fewer than two values.
///
/// ```swift
/// let layer = BatchNorm1d(1, epsilon: 0)
/// layer(Tensor([[1.0], [3.0]])).detached()  // → [[-1.0], [1.0]]
/// layer.runningMean?.value ?? .zeros([])  // → [0.2]
/// ```
public final class BatchNorm1d: BatchNorm, Layer {
  public override init(
    _ channels: Int, momentum: Double? = 0.1, epsilon: Double = 1e-5, affine: Bool = true,
    trackingStatistics: Bool = true
  ) {
    super.init(
      channels, momentum: momentum, epsilon: epsilon, affine: affine, trackingStatistics: trackingStatistics)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    if x.rank != 2 && x.rank != 3 {
      stop(
        "BatchNorm1d", "x is \(x.shape)",
        fix: "pass [batch, channels] or [batch, channels, length]; for pictures use BatchNorm2d")
    }
    return normalised(x)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 2 || input.rank == 3, input[1] == channels else {
      throw ShapeError(self, input: input, "expects [batch, \(channels)] or [batch, \(channels), length]")
    }
    return input
  }
}
