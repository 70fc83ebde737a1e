import TensorCore

/// A 1-D convolution, of sequences: y[n, f] = b[f] + Σ_c w[f, c] ⋆ x[n, c], where ⋆ is the cross-correlation (Waibel
/// et al., 1989).
///
/// x [batch, channels, length] → [batch, filters, out length] with out = ⌊(size + 2·padding − dilation·(kernel − 1) −
/// 1)/stride⌋ + 1. `Convolution` describes weight and bias. Stops when the shapes do not fit.
///
/// ```swift
/// Conv1d(3, 8, kernel: 5, padding: 2)(Tensor.ones([2, 3, 10])).shape  // → [2, 8, 10]
/// ```
public final class Conv1d: Convolution<Int>, WeightedLayer {
  public func output(for x: Tensor, weight: Tensor) -> Tensor {
    let (x, padding) = surrounded(x)
    return conv1d(x, weight, bias?.value, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}
