import TensorCore

/// λ·elu(x) with the constants that keep mean 0 and variance 1. (Klambauer et al., 2017.) The shape stays.
///
/// ```swift
/// SELU()(Tensor([1.0]))  // → [1.050701]
/// ```
public final class SELU: Module, ShapePreserving {
  public override init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor { x.selu() }
}
