import TensorCore

/// yᵢ = xᵢ/(1 + |xᵢ|). The shape stays.
///
/// ```swift
/// Softsign()(Tensor([1.0]))  // → [0.5]
/// ```
public final class Softsign: Module, ShapePreserving {
  public override init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor { x.softsign() }
}
