import TensorCore

/// xᵢ·min(max(xᵢ + 3, 0), 6)/6. (Howard et al., 2019.) The shape stays.
///
/// ```swift
/// Hardswish()(Tensor([-4.0, 3.0]))  // → [-0.0, 3.0]
/// ```
public final class Hardswish: Module, ShapePreserving {
  public override init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor { x.hardSwish() }
}
