import TensorCore

/// The p-norm of each window of volumes: (Σ xᵖ)^(1/p), with no absolute value, as PyTorch writes it (Gulcehre et al.,
/// 2014). p = 1 gives sums; with p → ∞ it becomes the maximum.
///
/// [batch, channels, depth, height, width] → [batch, channels, out depth, out height, out width] with out = ⌊(size −
/// kernel)/stride⌋ + 1. The stride is the kernel's size unless given. A negative sum, which an odd p > 1 can lead to,
/// gives NaN. Stops when the window does not fit.
///
/// ```swift
/// LPPool3d(2, kernel: 2)(Tensor.ones([1, 1, 4, 4, 4])).shape  // → [1, 1, 2, 2, 2]
/// ```
public final class LPPool3d: NormPooling<Size3D>, Layer {
  public func callAsFunction(_ x: Tensor) -> Tensor {
    norms(x) { averagePool3d($0, kernel: kernel, stride: stride, ceilMode: ceilMode) }
  }
}
