import TensorCore

/// min(max(xᵢ, 0), 6). The shape stays.
///
/// ```swift
/// ReLU6()(Tensor([-1.0, 3.0, 9.0]))  // → [0.0, 3.0, 6.0]
/// ```
public final class ReLU6: Module, ShapePreserving {
  public override init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor { x.relu6() }
}
