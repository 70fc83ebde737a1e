import TensorCore

/// Finer pixels as channels, the reverse of `PixelShuffle`: [batch, channels, height·r, width·r] → [batch, channels·r²,
/// height, width]. Stops unless r divides height and width.
///
/// ```swift
/// PixelUnshuffle(2)(Tensor.ones([1, 2, 6, 6])).shape  // → [1, 8, 3, 3]
/// ```
public final class PixelUnshuffle: Module, Layer {
  /// r
  public let factor: Int

  /// Stops unless the factor is at least 1.
  public init(_ factor: Int) {
    if factor < 1 { stop("PixelUnshuffle", "a factor of \(factor)", fix: "use at least 1") }
    self.factor = factor
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.pixelsUnshuffled(by: factor) }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 4, input[2] % factor == 0, input[3] % factor == 0 else {
      throw ShapeError(self, input: input, "expects [batch, channels, height·\(factor), width·\(factor)]")
    }
    return [input[0], input[1] * factor * factor, input[2] / factor, input[3] / factor]
  }

  public override var configuration: String { "\(factor)" }
}
