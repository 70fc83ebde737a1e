import TensorCore

/// The mean of each window of volumes. With `countPadding` the padding's zeros count as elements; without, only
/// what is inside. With a `divisor`, the sum is divided by that instead.
///
/// [batch, channels, depth, height, width] → [batch, channels, out depth, out height, out width] with out = ⌊(size +
/// 2·padding − kernel)/stride⌋ + 1. The stride is the kernel's size unless given; the padding is at most half of the
/// kernel. Stops when the window does not fit.
///
/// ```swift
/// AvgPool3d(kernel: 2)(Tensor.ones([1, 1, 4, 4, 4])).shape  // → [1, 1, 2, 2, 2]
/// ```
public final class AvgPool3d: AveragePooling<Size3D>, Layer {
  public func callAsFunction(_ x: Tensor) -> Tensor {
    averagePool3d(
      x, kernel: kernel, stride: stride, padding: padding, ceilMode: ceilMode,
      countPadding: countPadding, divisor: divisor)
  }
}
