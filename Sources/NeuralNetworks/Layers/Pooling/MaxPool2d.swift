import TensorCore

/// The largest element of each window of pictures; padding never wins.
///
/// [batch, channels, height, width] → [batch, channels, out height, out width] with out = ⌊(size + 2·padding −
/// dilation·(kernel − 1) − 1)/stride⌋ + 1. The stride is the kernel's size unless given; the padding is at most half
/// of the kernel. Stops when the window does not fit.
///
/// ```swift
/// MaxPool2d(kernel: 2)(Tensor([[[[1.0, 2.0], [3.0, 4.0]]]]))  // → [[[[4.0]]]]
/// ```
public final class MaxPool2d: MaxPooling<Size2D>, Layer {
  public func callAsFunction(_ x: Tensor) -> Tensor { withIndices(x).values }

  /// The largest elements, and where each stands in its channel of x, counted row by row (int64): what `MaxUnpool2d`
  /// takes.
  public func withIndices(_ x: Tensor) -> (values: Tensor, indices: Tensor) {
    maxPool2dWithIndices(
      x, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
      ceilMode: ceilMode)
  }
}
