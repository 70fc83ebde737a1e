import TensorCore

/// xᵢ where |xᵢ| > λ, else 0. The shape stays.
///
/// ```swift
/// Hardshrink()(Tensor([2.0, 0.1]))  // → [2.0, 0.0]
/// ```
public final class Hardshrink: Module, ShapePreserving {
  public let lambda: Double

  public init(lambda: Double = 0.5) {
    self.lambda = lambda
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.hardShrink(lambda) }

  public override var configuration: String { "lambda \(lambda)" }
}
