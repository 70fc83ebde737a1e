import TensorCore

/// The p-norm of each window of pictures: (Σ xᵖ)^(1/p), with no absolute value, as PyTorch writes it (Gulcehre et
/// al., 2014). p = 1 gives sums; with p → ∞ it becomes the maximum.
///
/// [batch, channels, height, width] → [batch, channels, out height, out width] with out = ⌊(size − kernel)/stride⌋ +
/// 1. The stride is the kernel's size unless given. A negative sum, which an odd p > 1 can lead to, gives NaN. Stops
/// when the window does not fit.
///
/// ```swift
/// LPPool2d(2, kernel: 2)(Tensor([[[[1.0, 2.0], [3.0, 4.0]]]]))  // → [[[[5.477226]]]]
/// ```
public final class LPPool2d: NormPooling<Size2D>, Layer {
  public func callAsFunction(_ x: Tensor) -> Tensor {
    norms(x) { averagePool2d($0, kernel: kernel, stride: stride, ceilMode: ceilMode) }
  }
}
