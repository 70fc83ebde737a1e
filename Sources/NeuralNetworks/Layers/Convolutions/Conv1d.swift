import TensorCore

/// A 1-D convolution: y[n, f] = b[f] + Σ_c w[f, c] ⋆ x[n, c], where ⋆ is the cross-correlation.
///
/// [batch, channels, length] → [batch, filters, out …] with
/// out = ⌊(size + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1. Weight and bias are
/// described at `Convolution`. Stops when the shapes do not fit.
///
/// ```swift
/// Conv1d(3, 8, kernel: 5, padding: 2)(Tensor.ones([2, 3, 10])).shape  // → [2, 8, 10]
/// ```
public final class Conv1d: Convolution, Layer {
  public let kernel: Int
  public let stride: Int
  public let padding: Int
  public let dilation: Int

  /// Stops unless `channels` and `filters` are multiples of `groups`, and the sizes can be.
  public init(
    _ channels: Int, _ filters: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    dilation: Int = 1, groups: Int = 1, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    super.init(
      "Conv1d", channels, filters,
      Window(
        axes: "length", kernel: [kernel], stride: [stride],
        padding: [padding], dilation: [dilation]),
      groups: groups, bias: bias, using: generator)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    conv1d(
      x, weight.value, bias?.value, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}
