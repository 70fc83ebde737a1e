import TensorCore

/// The p-norm of each window of sequences: (Σ xᵖ)^(1/p), with no absolute value, as PyTorch writes it (Gulcehre et
/// al., 2014). p = 1 gives sums; with p → ∞ it becomes the maximum.
///
/// [batch, channels, length] → [batch, channels, out length] with out = ⌊(size − kernel)/stride⌋ + 1. The stride is
/// the kernel's size unless given. A negative sum, which an odd p > 1 can lead to, gives NaN. Stops when the window
/// does not fit.
///
/// ```swift
/// LPPool1d(2, kernel: 2)(Tensor([[[1.0, 3.0, 2.0, 0.0]]]))[0, 0]  // → [3.1622777, 2.0]
/// ```
public final class LPPool1d: NormPooling<Int>, Layer {
  public func callAsFunction(_ x: Tensor) -> Tensor {
    norms(x) { averagePool1d($0, kernel: kernel, stride: stride, ceilMode: ceilMode) }
  }
}
