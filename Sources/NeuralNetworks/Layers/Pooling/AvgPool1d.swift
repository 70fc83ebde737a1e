import TensorCore

/// The mean of each window of sequences. With `countPadding` the padding's zeros count as elements; without, only
/// what is inside. With a `divisor`, the sum is divided by that instead.
///
/// [batch, channels, length] → [batch, channels, out length] with out = ⌊(size + 2·padding − kernel)/stride⌋ + 1. The
/// stride is the kernel's size unless given; the padding is at most half of the kernel. Stops when the window does
/// not fit.
///
/// ```swift
/// AvgPool1d(kernel: 2)(Tensor([[[1.0, 3.0, 2.0, 0.0]]]))  // → [[[2.0, 1.0]]]
/// ```
public final class AvgPool1d: AveragePooling<Int>, Layer {
  public func callAsFunction(_ x: Tensor) -> Tensor {
    averagePool1d(
      x, kernel: kernel, stride: stride, padding: padding, ceilMode: ceilMode,
      countPadding: countPadding, divisor: divisor)
  }
}
