import TensorCore

/// yᵢ = xᵢ·tanh(softplus xᵢ). (Misra, 2019.) The shape stays.
///
/// ```swift
/// Mish()(Tensor([0.0]))  // → [0.0]
/// ```
public final class Mish: Module, ShapePreserving {
  public override init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor { x.mish() }
}
