import TensorCore

/// The largest element of each window of volumes; padding never wins.
///
/// [batch, channels, depth, height, width] → [batch, channels, out depth, out height, out width] with out = ⌊(size +
/// 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1. The stride is the kernel's size unless given; the padding is
/// at most half of the kernel. Stops when the window does not fit.
///
/// ```swift
/// MaxPool3d(kernel: 2)(Tensor.ones([1, 1, 4, 4, 4])).shape  // → [1, 1, 2, 2, 2]
/// ```
public final class MaxPool3d: MaxPooling<Size3D>, Layer {
  public func callAsFunction(_ x: Tensor) -> Tensor { withIndices(x).values }

  /// The largest elements, and where each stands in its channel of x, counted row by row (int64): what `MaxUnpool3d`
  /// takes.
  public func withIndices(_ x: Tensor) -> (values: Tensor, indices: Tensor) {
    maxPool3dWithIndices(
      x, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
      ceilMode: ceilMode)
  }
}
