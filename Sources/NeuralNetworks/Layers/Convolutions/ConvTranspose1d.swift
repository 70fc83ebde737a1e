import TensorCore

/// The transpose of a 1-D convolution, which makes sequences longer. (Zeiler et al., 2010.)
///
/// [batch, channels, length] → [batch, filters, out …] with
/// out = (size − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1. Weight and bias are
/// described at `Convolution`. Stops when the shapes do not fit.
///
/// ```swift
/// ConvTranspose1d(3, 8, kernel: 2, stride: 2)(Tensor.ones([2, 3, 10])).shape  // → [2, 8, 20]
/// ```
public final class ConvTranspose1d: Convolution, Layer {
  public let kernel: Int
  public let stride: Int
  public let padding: Int
  public let outputPadding: Int
  public let dilation: Int

  /// Stops unless `channels` and `filters` are multiples of `groups`, and the sizes can be.
  public init(
    _ channels: Int, _ filters: Int, kernel: Int, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
    dilation: Int = 1, groups: Int = 1, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    super.init(
      "ConvTranspose1d", channels, filters,
      Window(
        axes: "length", kernel: [kernel], stride: [stride],
        padding: [padding], dilation: [dilation], outputPadding: [outputPadding]),
      groups: groups, bias: bias, using: generator)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    convTranspose1d(
      x, weight.value, bias?.value, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
      dilation: dilation)
  }
}
