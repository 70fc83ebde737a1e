import TensorCore

/// The mean of each window of pictures. With `countPadding` the padding's zeros count as elements; without, only
/// what is inside. With a `divisor`, the sum is divided by that instead.
///
/// [batch, channels, height, width] → [batch, channels, out height, out width] with out = ⌊(size + 2·padding −
/// kernel)/stride⌋ + 1. The stride is the kernel's size unless given; the padding is at most half of the kernel.
/// Stops when the window does not fit.
///
/// ```swift
/// AvgPool2d(kernel: 2)(Tensor([[[[1.0, 2.0], [3.0, 4.0]]]]))  // → [[[[2.5]]]]
/// ```
public final class AvgPool2d: AveragePooling<Size2D>, Layer {
  public func callAsFunction(_ x: Tensor) -> Tensor {
    averagePool2d(
      x, kernel: kernel, stride: stride, padding: padding, ceilMode: ceilMode,
      countPadding: countPadding, divisor: divisor)
  }
}
