import TensorCore

/// Channels as finer pixels: [batch, channels·r², height, width] → [batch, channels, height·r, width·r]. (Shi et al.,
/// 2016.)
///
/// ```swift
/// PixelShuffle(2)(Tensor.ones([1, 8, 3, 3])).shape  // → [1, 2, 6, 6]
/// ```
public final class PixelShuffle: Module, Layer {
  public let factor: Int

  public init(_ factor: Int) { self.factor = factor }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.pixelsShuffled(by: factor) }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 4, input[1] % (factor * factor) == 0 else {
      throw ShapeError(self, input: input, "expects [batch, channels·\(factor * factor), height, width]")
    }
    return [input[0], input[1] / (factor * factor), input[2] * factor, input[3] * factor]
  }

  public override var configuration: String { "\(factor)" }
}
