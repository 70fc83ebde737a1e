import TensorCore

/// The transpose of a 3-D convolution, which makes volumes larger. (Zeiler et al., 2010.)
///
/// [batch, channels, depth, height, width] → [batch, filters, out …] with
/// out = (size − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1. Weight and bias are
/// described at `Convolution`. Stops when the shapes do not fit.
///
/// ```swift
/// ConvTranspose3d(1, 4, kernel: 2, stride: 2)(Tensor.ones([1, 1, 3, 3, 3])).shape  // → [1, 4, 6, 6, 6]
/// ```
public final class ConvTranspose3d: Convolution, Layer {
  public let kernel: Size3D
  public let stride: Size3D
  public let padding: Size3D
  public let outputPadding: Size3D
  public let dilation: Size3D

  /// Stops unless `channels` and `filters` are multiples of `groups`, and the sizes can be.
  public init(
    _ channels: Int, _ filters: Int, kernel: Size3D, stride: Size3D = 1, padding: Size3D = 0, outputPadding: Size3D = 0,
    dilation: Size3D = 1, groups: Int = 1, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    super.init(
      "ConvTranspose3d", channels, filters,
      Window(
        axes: "depth, height, width", kernel: [kernel.depth, kernel.height, kernel.width],
        stride: [stride.depth, stride.height, stride.width],
        padding: [padding.depth, padding.height, padding.width],
        dilation: [dilation.depth, dilation.height, dilation.width],
        outputPadding: [outputPadding.depth, outputPadding.height, outputPadding.width]),
      groups: groups, bias: bias, using: generator)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    convTranspose3d(
      x, weight.value, bias?.value, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
      dilation: dilation)
  }
}
