import TensorCore

/// What `BatchNorm2d` and `BatchNorm3d` add to `BatchNorm`: the rank of the input.
public class SpatialBatchNorm<Size: WindowSize>: BatchNorm {
  public override init(
    _ channels: Int, momentum: Double? = 0.1, epsilon: Double = 1e-5, affine: Bool = true,
    trackingStatistics: Bool = true
  ) {
    super.init(
      channels, momentum: momentum, epsilon: epsilon, affine: affine, trackingStatistics: trackingStatistics)
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
