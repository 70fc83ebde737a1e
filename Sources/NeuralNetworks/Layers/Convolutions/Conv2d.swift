import TensorCore

/// A 2-D convolution, of pictures: y[n, f] = b[f] + Σ_c w[f, c] ⋆ x[n, c], where ⋆ is the cross-correlation (LeCun et
/// al., 1998).
///
/// x [batch, channels, height, width] → [batch, filters, out height, out width] with out = ⌊(size + 2·padding −
/// dilation·(kernel − 1) − 1)/stride⌋ + 1. `Convolution` describes weight and bias. Stops when the shapes do not fit.
///
/// ```swift
/// let layer = Conv2d(3, 8, kernel: 3, stride: 2, padding: 1)
/// layer(Tensor.ones([1, 3, 32, 32])).shape  // → [1, 8, 16, 16]
/// layer.weight.shape  // → [8, 3, 3, 3]
/// ```
public final class Conv2d: Convolution<Size2D>, WeightedLayer {
  public func output(for x: Tensor, weight: Tensor) -> Tensor {
    let (x, padding) = surrounded(x)
    return conv2d(x, weight, bias?.value, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}
