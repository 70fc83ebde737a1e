import TensorCore

/// The hyperbolic tangent, yᵢ = tanh xᵢ, of a tensor of any shape.
///
/// ```swift
/// Tanh()(Tensor([0.0]))  // → [0.0]
/// ```
public final class Tanh: Module, Layer {
  public override init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor { x.tanh() }

  public func outputShape(for input: Shape) -> Shape { input }
}
