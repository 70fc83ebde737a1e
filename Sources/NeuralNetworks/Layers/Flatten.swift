import TensorCore

/// All axes after the batch's merged into one: [batch, ...] → [batch, product of the rest].
///
/// ```swift
/// Flatten()(Tensor.ones([2, 3, 4])).shape  // → [2, 12]
/// ```
public final class Flatten: Module, Layer {
  public override init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor { x.rank == 2 ? x : x.flattened(from: 1) }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank >= 2 else { throw ShapeError(self, input: input, "expects [batch, ...]") }
    return [input[0], input.dimensions.dropFirst().reduce(1, *)]
  }
}
