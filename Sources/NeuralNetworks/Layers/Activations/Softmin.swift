import TensorCore

/// The softmax of −x along an axis, the last one unless told otherwise: yᵢ = e^−xᵢ / Σⱼ e^−xⱼ. The shape stays.
///
/// ```swift
/// Softmin()(Tensor([[0.0, 0.0]]))  // → [[0.5, 0.5]]
/// ```
public final class Softmin: Module, Layer {
  public let axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public func callAsFunction(_ x: Tensor) -> Tensor { (-x).softmax(axis: axis) }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard (-input.rank..<input.rank).contains(axis) else {
      throw ShapeError(self, input: input, "expects an axis \(axis)")
    }
    return input
  }

  public override var configuration: String { "axis \(axis)" }
}
