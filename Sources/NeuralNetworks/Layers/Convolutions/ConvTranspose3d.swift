import TensorCore

/// The transpose of a 3-D convolution, which makes volumes larger (Zeiler et al., 2010).
///
/// x [batch, channels, depth, height, width] → [batch, filters, out depth, out height, out width] with out = (size −
/// 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1. `TransposedConvolution` describes weight and
/// bias. Stops when the shapes do not fit.
///
/// ```swift
/// ConvTranspose3d(1, 4, kernel: 2, stride: 2)(Tensor.ones([1, 1, 3, 3, 3])).shape  // → [1, 4, 6, 6, 6]
/// ```
public final class ConvTranspose3d: TransposedConvolution<Size3D>, WeightedLayer {
  public func output(for x: Tensor, weight: Tensor) -> Tensor {
    convTranspose3d(
      x, weight, bias?.value, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
      dilation: dilation)
  }
}
