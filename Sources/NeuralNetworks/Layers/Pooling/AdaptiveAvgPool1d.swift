import TensorCore

/// The mean of each of `size` windows that together cover the sequence, whatever its size.
///
/// [batch, channels, length] → [batch, channels, size]. Size 1 is global pooling. Stops when the rank does not fit.
///
/// ```swift
/// AdaptiveAvgPool1d(1)(Tensor([[[1.0, 3.0]]]))  // → [[[2.0]]]
/// ```
public final class AdaptiveAvgPool1d: AdaptivePooling<Int>, Layer {
  public func callAsFunction(_ x: Tensor) -> Tensor { adaptiveAveragePool1d(x, to: size) }
}
