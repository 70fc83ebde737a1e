import TensorCore

/// The sigmoid linear unit, or swish: yᵢ = xᵢ·σ(xᵢ). (Elfwing, Uchibe & Doya, 2017.) The shape stays.
///
/// ```swift
/// SiLU()(Tensor([0.0]))  // → [0.0]
/// ```
public final class SiLU: Module, ShapePreserving {
  public override init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor { x.silu() }
}
