import TensorCore

/// xᵢ for xᵢ > 0, else α(e^xᵢ − 1). (Clevert, Unterthiner & Hochreiter, 2016.) The shape stays.
///
/// ```swift
/// ELU()(Tensor([-1.0, 2.0]))  // → [-0.63212055, 2.0]
/// ```
public final class ELU: Module, ShapePreserving {
  public let alpha: Double

  public init(alpha: Double = 1) {
    self.alpha = alpha
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.elu(alpha: alpha) }

  public override var configuration: String { "alpha \(alpha)" }
}
