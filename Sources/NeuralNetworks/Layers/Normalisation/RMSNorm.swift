import TensorCore

/// Root mean square normalisation: y = weight·x/√(x̄² + ε), with the mean square x̄² over the last axes (Zhang &
/// Sennrich, 2019).
///
/// x [..., shape], same shape out; weight of shape `shape`, 1 at first. ε is the dtype's distance from 1 to the next
/// number unless given, as in PyTorch. Stops when x does not end in that shape.
///
/// ```swift
/// RMSNorm(3)(Tensor.ones([2, 3])).shape  // → [2, 3]
/// ```
public final class RMSNorm: Module, Layer {
  /// Without `affine` there is none.
  public let weight: Parameter?
  public let shape: Shape
  public let epsilon: Double?

  /// Normalises over the last axes, which have the given shape. Stops unless there is at least one, of at least 1.
  public init(_ shape: Shape, epsilon: Double? = nil, affine: Bool = true) {
    guard shape.rank >= 1, shape.elementCount >= 1, epsilon ?? 0 >= 0 else {
      stop(
        "RMSNorm", "a shape \(shape) and an epsilon of \(epsilon ?? 0)", fix: "use sizes of at least 1, and ε ≥ 0")
    }
    self.shape = shape
    self.epsilon = epsilon
    weight = affine ? Parameter(Tensor.ones(shape)) : nil
  }

  /// Normalises over the last axis.
  public convenience init(_ features: Int, epsilon: Double? = nil, affine: Bool = true) {
    self.init([features], epsilon: epsilon, affine: affine)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    rmsNorm(x, over: shape, weight: weight?.value, epsilon: epsilon)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try requireEnd(input, self, shape) }

  public override var configuration: String { shape.rank == 1 ? "\(shape[0])" : "\(shape)" }
}
