import TensorCore

/// min(max(xᵢ/6 + ½, 0), 1). The shape stays.
///
/// ```swift
/// Hardsigmoid()(Tensor([-4.0, 0.0, 4.0]))  // → [0.0, 0.5, 1.0]
/// ```
public final class Hardsigmoid: Module, ShapePreserving {
  public override init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor { x.hardSigmoid() }
}
