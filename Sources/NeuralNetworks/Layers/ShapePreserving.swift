import TensorCore

/// A layer whose output has its input's shape, whatever it is: activations, dropout.
///
/// ```swift
/// final class Doubled: Module, ShapePreserving {
///   func callAsFunction(_ x: Tensor) -> Tensor { x * 2 }
/// }
/// Doubled()(Tensor([1.0]))  // → [2.0]
/// ```
public protocol ShapePreserving: Layer {}

extension ShapePreserving {
  public func outputShape(for input: Shape) -> Shape { input }
}
