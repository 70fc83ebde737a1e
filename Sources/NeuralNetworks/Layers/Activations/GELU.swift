import TensorCore

/// Gaussian error linear units, yᵢ = xᵢ·Φ(xᵢ) (Hendrycks & Gimpel, 2016), or their approximation by tanh. The shape
/// stays.
///
/// ```swift
/// GELU()(Tensor([0.0, 1.0]))  // → [0.0, 0.8413447]
/// ```
public final class GELU: Module, ShapePreserving {
  public let formula: GELUFormula

  public init(formula: GELUFormula = .exact) {
    self.formula = formula
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.gelu(formula) }

  public override var configuration: String { formula == .exact ? "" : "tanh" }
}
