import TensorCore

/// The transpose of a 1-D convolution, which makes sequences longer (Zeiler et al., 2010).
///
/// x [batch, channels, length] → [batch, filters, out length] with out = (size − 1)·stride − 2·padding +
/// dilation·(kernel − 1) + outputPadding + 1. `TransposedConvolution` describes weight and bias. Stops when the
/// shapes do not fit.
///
/// ```swift
/// ConvTranspose1d(3, 8, kernel: 2, stride: 2)(Tensor.ones([2, 3, 10])).shape  // → [2, 8, 20]
/// ```
public final class ConvTranspose1d: TransposedConvolution<Int>, WeightedLayer {
  public func output(for x: Tensor, weight: Tensor) -> Tensor {
    convTranspose1d(
      x, weight, bias?.value, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
      dilation: dilation)
  }
}
