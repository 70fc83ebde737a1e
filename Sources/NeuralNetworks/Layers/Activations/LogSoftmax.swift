import TensorCore

/// The logarithm of the softmax along an axis: yᵢ = xᵢ − ln Σⱼ e^xⱼ. The shape stays.
///
/// ```swift
/// LogSoftmax()(Tensor([[0.0, 0.0]]))  // → [[-0.6931472, -0.6931472]]
/// ```
public final class LogSoftmax: Module, Layer {
  public let axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.logSoftmax(axis: axis) }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard (-input.rank..<input.rank).contains(axis) else {
      throw ShapeError(self, input: input, "expects an axis \(axis)")
    }
    return input
  }

  public override var configuration: String { "axis \(axis)" }
}
