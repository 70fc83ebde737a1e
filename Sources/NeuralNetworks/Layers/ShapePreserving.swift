import TensorCore

/// A layer whose output has its input's shape, whatever it is: activations, dropout.
public protocol ShapePreserving: Layer {}

extension ShapePreserving {
  public func outputShape(for input: Shape) -> Shape { input }
}
