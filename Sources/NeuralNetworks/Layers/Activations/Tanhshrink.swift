import TensorCore

/// yᵢ = xᵢ − tanh xᵢ. The shape stays.
///
/// ```swift
/// Tanhshrink()(Tensor([0.0]))  // → [0.0]
/// ```
public final class Tanhshrink: Module, ShapePreserving {
  public override init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor { x.tanhShrink() }
}
