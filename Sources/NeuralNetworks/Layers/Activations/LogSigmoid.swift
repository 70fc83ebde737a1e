import TensorCore

/// yᵢ = ln σ(xᵢ). The shape stays.
///
/// ```swift
/// LogSigmoid()(Tensor([0.0]))  // → [-0.6931472]
/// ```
public final class LogSigmoid: Module, ShapePreserving {
  public override init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor { x.logSigmoid() }
}
