import TensorCore

/// The logistic function, yᵢ = 1/(1 + e^−xᵢ), of a tensor of any shape.
///
/// ```swift
/// Sigmoid()(Tensor([0.0]))  // → [0.5]
/// ```
public final class Sigmoid: Module, Layer {
  public override init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor { x.sigmoid() }

  public func outputShape(for input: Shape) -> Shape { input }
}
