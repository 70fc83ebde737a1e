import TensorCore

/// xᵢ for xᵢ > 0, else α(e^(xᵢ/α) − 1). (Barron, 2017.) The shape stays.
///
/// ```swift
/// CELU()(Tensor([2.0]))  // → [2.0]
/// ```
public final class CELU: Module, ShapePreserving {
  public let alpha: Double

  public init(alpha: Double = 1) {
    self.alpha = alpha
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.celu(alpha: alpha) }

  public override var configuration: String { "alpha \(alpha)" }
}
