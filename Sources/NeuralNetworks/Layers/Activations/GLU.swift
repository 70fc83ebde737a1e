import TensorCore

/// The gated linear unit: the first half of an axis times the logistic function of the second, so that the axis is
/// halved. (Dauphin et al., 2017.)
///
/// ```swift
/// GLU()(Tensor([[4.0, 0.0]]))  // → [[2.0]]
/// ```
public final class GLU: Module, Layer {
  public let axis: Int

  public init(axis: Int = -1) { self.axis = axis }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.glu(axis: axis) }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard (-input.rank..<input.rank).contains(axis), input[axis] % 2 == 0 else {
      throw ShapeError(self, input: input, "expects an axis \(axis) of even length")
    }
    var sizes = input.dimensions
    sizes[axis < 0 ? axis + input.rank : axis] /= 2
    return Shape(sizes)
  }

  public override var configuration: String { "axis \(axis)" }
}
