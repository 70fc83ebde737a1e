import TensorCore

/// Pictures enlarged by a whole factor: see `resized(_:to:by:alignCorners:)`.
///
/// [batch, channels, height, width] → [batch, channels, height·factor, width·factor].
///
/// ```swift
/// Upsample(factor: 2)(Tensor([[[[1.0, 2.0]]]]))[0, 0, 1]  // → [1.0, 1.0, 2.0, 2.0]
/// ```
public final class Upsample: Module, Layer {
  public let factor: Size2D
  public let interpolation: Interpolation
  public let alignCorners: Bool

  public init(factor: Size2D, by interpolation: Interpolation = .nearest, alignCorners: Bool = false) {
    self.factor = factor
    self.interpolation = interpolation
    self.alignCorners = alignCorners
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    if x.rank != 4 { stop("Upsample", "x has shape \(x.shape)", fix: "pass [batch, channels, height, width]") }
    return resized(
      x, to: Size2D(x.shape[2] * factor.height, x.shape[3] * factor.width), by: interpolation,
      alignCorners: alignCorners)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 4 else { throw ShapeError(self, input: input, "expects [batch, channels, height, width]") }
    return [input[0], input[1], input[2] * factor.height, input[3] * factor.width]
  }

  public override var configuration: String { "\(factor), \(interpolation)" }
}
