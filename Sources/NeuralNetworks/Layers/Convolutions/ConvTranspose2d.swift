import TensorCore

/// The transpose of a 2-D convolution, which makes pictures larger (Zeiler et al., 2010).
///
/// x [batch, channels, height, width] → [batch, filters, out height, out width] with out = (size − 1)·stride −
/// 2·padding + dilation·(kernel − 1) + outputPadding + 1. `TransposedConvolution` describes weight and bias. Stops
/// when the shapes do not fit.
///
/// ```swift
/// ConvTranspose2d(3, 8, kernel: 4, stride: 2, padding: 1)(Tensor.ones([1, 3, 7, 7])).shape  // → [1, 8, 14, 14]
/// ```
public final class ConvTranspose2d: TransposedConvolution<Size2D>, WeightedLayer {
  public func output(for x: Tensor, weight: Tensor) -> Tensor {
    convTranspose2d(
      x, weight, bias?.value, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
      dilation: dilation)
  }
}
