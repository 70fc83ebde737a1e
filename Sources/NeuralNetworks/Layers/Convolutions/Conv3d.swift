import TensorCore

/// A 3-D convolution: y[n, f] = b[f] + Σ_c w[f, c] ⋆ x[n, c], where ⋆ is the cross-correlation.
///
/// [batch, channels, depth, height, width] → [batch, filters, out …] with
/// out = ⌊(size + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1. Weight and bias are
/// described at `Convolution`. Stops when the shapes do not fit.
///
/// ```swift
/// Conv3d(1, 4, kernel: 3)(Tensor.ones([1, 1, 5, 5, 5])).shape  // → [1, 4, 3, 3, 3]
/// ```
public final class Conv3d: Convolution, Layer {
  public let kernel: Size3D
  public let stride: Size3D
  public let padding: Size3D
  public let dilation: Size3D

  /// Stops unless `channels` and `filters` are multiples of `groups`, and the sizes can be.
  public init(
    _ channels: Int, _ filters: Int, kernel: Size3D, stride: Size3D = 1, padding: Size3D = 0,
    dilation: Size3D = 1, groups: Int = 1, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    super.init(
      "Conv3d", channels, filters,
      Window(
        axes: "depth, height, width", kernel: [kernel.depth, kernel.height, kernel.width],
        stride: [stride.depth, stride.height, stride.width],
        padding: [padding.depth, padding.height, padding.width],
        dilation: [dilation.depth, dilation.height, dilation.width]),
      groups: groups, bias: bias, using: generator)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    conv3d(
      x, weight.value, bias?.value, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}
