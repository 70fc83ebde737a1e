import TensorCore

/// yᵢ = ln(1 + e^βxᵢ)/β, x itself where βx exceeds the threshold. The shape stays.
///
/// ```swift
/// Softplus()(Tensor([0.0]))  // → [0.6931472]
/// ```
public final class Softplus: Module, ShapePreserving {
  public let beta: Double
  public let threshold: Double

  public init(beta: Double = 1, threshold: Double = 20) {
    self.beta = beta
    self.threshold = threshold
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.softplus(beta: beta, threshold: threshold) }

  public override var configuration: String { "beta \(beta), threshold \(threshold)" }
}
