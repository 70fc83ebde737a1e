import TensorCore

/// The transpose of a 2-D convolution, which makes pictures larger. (Zeiler et al., 2010.)
///
/// [batch, channels, height, width] → [batch, filters, out …] with
/// out = (size − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1. Weight and bias are
/// described at `Convolution`. Stops when the shapes do not fit.
///
/// ```swift
/// ConvTranspose2d(3, 8, kernel: 4, stride: 2, padding: 1)(Tensor.ones([1, 3, 7, 7])).shape  // → [1, 8, 14, 14]
/// ```
public final class ConvTranspose2d: Convolution, Layer {
  public let kernel: Size2D
  public let stride: Size2D
  public let padding: Size2D
  public let outputPadding: Size2D
  public let dilation: Size2D

  /// Stops unless `channels` and `filters` are multiples of `groups`, and the sizes can be.
  public init(
    _ channels: Int, _ filters: Int, kernel: Size2D, stride: Size2D = 1, padding: Size2D = 0, outputPadding: Size2D = 0,
    dilation: Size2D = 1, groups: Int = 1, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    super.init(
      "ConvTranspose2d", channels, filters,
      Window(
        axes: "height, width", kernel: [kernel.height, kernel.width], stride: [stride.height, stride.width],
        padding: [padding.height, padding.width], dilation: [dilation.height, dilation.width],
        outputPadding: [outputPadding.height, outputPadding.width]),
      groups: groups, bias: bias, using: generator)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    convTranspose2d(
      x, weight.value, bias?.value, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
      dilation: dilation)
  }
}
