import TensorCore

/// Layer normalisation: y = weight·(x − μ)/√(σ² + ε) + bias, with the mean μ and the biased variance σ² over the last
/// axes (Ba, Kiros & Hinton, 2016).
///
/// x [..., shape], same shape out; weight (1 at first) and bias (0 at first) of shape `shape`. Stops when x does not
/// end in that shape.
///
/// ```swift
/// let layer = LayerNorm(2, epsilon: 0)
/// layer(Tensor([[1.0, 3.0]])).detached()  // → [[-1.0, 1.0]]
/// ```
public final class LayerNorm: Module, Layer {
  /// Without `affine` there is none.
  public let weight: Parameter?
  /// Without `affine` or without `bias` there is none.
  public let bias: Parameter?
  public let shape: Shape
  public let epsilon: Double

  /// Normalises over the last axes, which have the given shape. Stops unless there is at least one, of at least 1.
  public init(_ shape: Shape, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true) {
    guard shape.rank >= 1, shape.elementCount >= 1, epsilon >= 0 else {
      stop("LayerNorm", "a shape \(shape) and an epsilon of \(epsilon)", fix: "use sizes of at least 1, and ε ≥ 0")
    }
    self.shape = shape
    self.epsilon = epsilon
    weight = affine ? Parameter(Tensor.ones(shape)) : nil
    self.bias = affine && bias ? Parameter(Tensor.zeros(shape)) : nil
  }

  /// Normalises over the last axis.
  public convenience init(_ features: Int, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true) {
    self.init([features], epsilon: epsilon, affine: affine, bias: bias)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    layerNorm(x, over: shape, weight: weight?.value, bias: bias?.value, epsilon: epsilon)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try requireEnd(input, self, shape)
  }

  public override var configuration: String { shape.rank == 1 ? "\(shape[0])" : "\(shape)" }
}

/// The input's shape if it ends in `end`.
func requireEnd(_ input: Shape, _ layer: Module, _ end: Shape) throws(ShapeError) -> Shape {
  guard input.rank >= end.rank, input.dimensions.suffix(end.rank) == end.dimensions[...] else {
    throw ShapeError(layer, input: input, "expects [..., \(end.dimensions.map(String.init).joined(separator: ", "))]")
  }
  return input
}
