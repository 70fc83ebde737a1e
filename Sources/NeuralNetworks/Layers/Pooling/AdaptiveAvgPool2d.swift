import TensorCore

/// The mean of each of size.height × size.width windows that together cover the picture, whatever its size.
///
/// [batch, channels, height, width] → [batch, channels, size.height, size.width]. Size 1 is global pooling.
///
/// ```swift
/// AdaptiveAvgPool2d(1)(Tensor.ones([2, 3, 5, 7])).shape  // → [2, 3, 1, 1]
/// ```
public final class AdaptiveAvgPool2d: Module, Layer {
  public let size: Size2D

  public init(_ size: Size2D) { self.size = size }

  public func callAsFunction(_ x: Tensor) -> Tensor { adaptiveAveragePool2d(x, to: size) }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 4 else { throw ShapeError(self, input: input, "expects [batch, channels, height, width]") }
    return [input[0], input[1], size.height, size.width]
  }

  public override var configuration: String { "\(size)" }
}
