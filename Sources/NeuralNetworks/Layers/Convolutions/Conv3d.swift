import TensorCore

/// A 3-D convolution, of volumes: y[n, f] = b[f] + Σ_c w[f, c] ⋆ x[n, c], where ⋆ is the cross-correlation (Ji et
/// al., 2010).
///
/// x [batch, channels, depth, height, width] → [batch, filters, out depth, out height, out width] with out = ⌊(size +
/// 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1. `Convolution` describes weight and bias. Stops when the shapes
/// do not fit.
///
/// ```swift
/// Conv3d(1, 4, kernel: 3)(Tensor.ones([1, 1, 5, 5, 5])).shape  // → [1, 4, 3, 3, 3]
/// ```
public final class Conv3d: Convolution<Size3D>, WeightedLayer {
  public func output(for x: Tensor, weight: Tensor) -> Tensor {
    let (x, padding) = surrounded(x)
    return conv3d(x, weight, bias?.value, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}
