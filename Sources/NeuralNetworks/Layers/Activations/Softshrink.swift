import TensorCore

/// xᵢ − λ for xᵢ > λ, xᵢ + λ for xᵢ < −λ, else 0. The shape stays.
///
/// ```swift
/// Softshrink()(Tensor([2.0, 0.1]))  // → [1.5, 0.0]
/// ```
public final class Softshrink: Module, ShapePreserving {
  public let lambda: Double

  public init(lambda: Double = 0.5) {
    self.lambda = lambda
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.softShrink(lambda) }

  public override var configuration: String { "lambda \(lambda)" }
}
