import TensorCore

/// The mean of each of `length` windows that together cover the sequence, whatever its length.
///
/// [batch, channels, length] → [batch, channels, length].
///
/// ```swift
/// AdaptiveAvgPool1d(1)(Tensor([[[1.0, 3.0]]]))  // → [[[2.0]]]
/// ```
public final class AdaptiveAvgPool1d: Module, Layer {
  public let length: Int

  public init(_ length: Int) { self.length = length }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    if x.rank != 3 { stop("AdaptiveAvgPool1d", "x has shape \(x.shape)", fix: "pass [batch, channels, length]") }
    return adaptiveAveragePool2d(x.unsqueezed(2), to: [1, length]).squeezed(2)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 3 else { throw ShapeError(self, input: input, "expects [batch, channels, length]") }
    return [input[0], input[1], length]
  }

  public override var configuration: String { "\(length)" }
}
