import TensorCore

/// What `BatchNorm2d` and `BatchNorm3d` add to `BatchNorm`: the rank of the input.
public class SpatialBatchNorm<Size: WindowSize>: BatchNorm {
  public override init(
    _ channels: Int, momentum: Double? = 0.1, epsilon: Double = 1e-5, affine: Bool = true
  ) {
    super.init(channels, momentum: momentum, epsilon: epsilon, affine: affine)
  }

  public final func callAsFunction(_ x: Tensor) -> Tensor {
    if x.rank != Size.axes.count + 2 {
      stop("\(type(of: self))", "x is \(x.shape)", fix: "pass \(Size.inputAxes()); for rows use BatchNorm1d")
    }
    return normalised(x)
  }

  public final func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == Size.axes.count + 2, input[1] == channels else {
      throw ShapeError(self, input: input, "expects \(Size.inputAxes(channels: channels))")
    }
    return input
  }
}

/// Batch normalisation of pictures: y = weight·(x − μ)/√(σ² + ε) + bias, with each channel's mean μ and variance σ²
/// over the batch and the picture in training, and running ones in evaluation mode (Ioffe & Szegedy, 2015).
///
/// [batch, channels, height, width], same shape out; weight, bias, running mean and variance [channels]. Stops when
/// the shapes do not fit, and in training when a channel has fewer than two values.
///
/// ```swift
/// let layer = BatchNorm2d(3)
/// layer(Tensor.ones([2, 3, 4, 4])).shape  // → [2, 3, 4, 4]
/// layer.numBatchesTracked.value  // → 1
/// layer.stateDictionary().names  // → ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]
/// ```
public final class BatchNorm2d: SpatialBatchNorm<Size2D>, Layer {}
