import TensorCore

/// The largest element of each of size.height × size.width windows that together cover the picture, whatever its
/// size.
///
/// [batch, channels, height, width] → [batch, channels, size.height, size.width]. Size 1 is global pooling. Stops
/// when the rank does not fit.
///
/// ```swift
/// AdaptiveMaxPool2d(1)(Tensor.ones([1, 3, 5, 7])).shape  // → [1, 3, 1, 1]
/// ```
public final class AdaptiveMaxPool2d: AdaptivePooling<Size2D>, Layer {
  public func callAsFunction(_ x: Tensor) -> Tensor { adaptiveMaxPool2d(x, to: size) }
}
