import TensorCore

/// The rectifier, yᵢ = max(xᵢ, 0), of a tensor of any shape (Glorot, Bordes & Bengio, 2011).
///
/// ```swift
/// ReLU()(Tensor([-1.0, 0.0, 2.0]))  // → [0.0, 0.0, 2.0]
/// ```
public final class ReLU: Module, Layer {
  public override init() {}

  public func callAsFunction(_ x: Tensor) -> Tensor { x.relu() }

  public func outputShape(for input: Shape) -> Shape { input }
}
