import TensorCore

/// The largest element of each of `size` windows that together cover the sequence, whatever its size.
///
/// [batch, channels, length] → [batch, channels, size]. Size 1 is global pooling. Stops when the rank does not fit.
///
/// ```swift
/// AdaptiveMaxPool1d(1)(Tensor([[[1.0, 3.0]]]))  // → [[[3.0]]]
/// ```
public final class AdaptiveMaxPool1d: AdaptivePooling<Int>, Layer {
  public func callAsFunction(_ x: Tensor) -> Tensor { adaptiveMaxPool1d(x, to: size) }
}
