import TensorCore

/// A layer whose weight is learned as a length and a direction: W = g·V/‖V‖, with a length for each slice along `axis`
/// (Salimans & Kingma, "Weight normalization", 2016).
///
/// Shapes are those of the layer inside. It starts with the layer's own weight. Names are those of PyTorch's
/// `parametrizations.weight_norm`: `parametrizations.weight.original0` is g, `original1` is V.
///
/// ```swift
/// let layer = WeightNorm(Linear(3, 2))
/// layer(Tensor.ones([5, 3])).shape  // → [5, 2]
/// layer.length.shape  // → [2, 1]
/// ```
public final class WeightNorm: Module, Layer {
  public let bias: Parameter?
  /// g: the weight's shape with sizes of 1, but for `axis`.
  public let length: Parameter
  /// V, of the weight's shape.
  public let direction: Parameter
  public let axis: Int
  // A property would be searched for parameters, and the weight of the layer inside is none any more.
  private let inside: () -> any WeightedLayer

  /// Stops unless the weight has that axis.
  public init(_ layer: any WeightedLayer, axis: Int = 0) {
    let value = layer.weight.value.detached()
    guard (0..<value.rank).contains(axis) else {
      stop("WeightNorm", "a weight of shape \(value.shape) has no axis \(axis)", fix: "use one in 0..<\(value.rank)")
    }
    bias = layer.bias
    length = Parameter(WeightNorm.norm(value, axis))
    direction = Parameter(value)
    self.axis = axis
    inside = { layer }
  }

  /// W, computed from its parts.
  public var weight: Tensor {
    direction.value * (length.value / WeightNorm.norm(direction.value, axis))
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { inside().output(for: x, weight: weight) }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try inside().outputShape(for: input) }

  public override func stateKey(for property: String) -> String {
    switch property {
    case "length": "parametrizations.weight.original0"
    case "direction": "parametrizations.weight.original1"
    default: super.stateKey(for: property)
    }
  }

  public override var configuration: String { inside().title }

  private static func norm(_ v: Tensor, _ axis: Int) -> Tensor {
    v.square().sum(axes: (0..<v.rank).filter { $0 != axis }, keepingDimensions: true).sqrt()
  }
}
