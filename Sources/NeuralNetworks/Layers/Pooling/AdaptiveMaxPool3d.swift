import TensorCore

/// The largest element of each of size.depth × size.height × size.width windows that together cover the volume,
/// whatever its size.
///
/// [batch, channels, depth, height, width] → [batch, channels, size.depth, size.height, size.width]. Size 1 is global
/// pooling. Stops when the rank does not fit.
///
/// ```swift
/// AdaptiveMaxPool3d(1)(Tensor.ones([1, 3, 5, 7, 4])).shape  // → [1, 3, 1, 1, 1]
/// ```
public final class AdaptiveMaxPool3d: AdaptivePooling<Size3D>, Layer {
  public func callAsFunction(_ x: Tensor) -> Tensor { adaptiveMaxPool3d(x, to: size) }
}
