import TensorCore

/// An affine map of the last axis: y = x·Wᵀ + b.
///
/// x [..., inputs] → [..., outputs]; weight [outputs, inputs], bias [outputs]. Both start uniform in ±1/√inputs, as
/// in PyTorch (He et al., 2015, with a = √5). Stops when the last axis is not `inputs` long.
///
/// ```swift
/// let layer = Linear(3, 2)
/// layer(Tensor.ones([5, 3])).shape  // → [5, 2]
/// layer.weight.shape  // → [2, 3]
/// ```
public final class Linear: Module, WeightedLayer {
  public let weight: Parameter
  public let bias: Parameter?

  /// Stops unless both sizes are at least 1.
  public init(_ inputs: Int, _ outputs: Int, bias: Bool = true, using generator: RandomGenerator = .default) {
    guard inputs >= 1, outputs >= 1 else {
      stop("Linear", "\(inputs) inputs and \(outputs) outputs", fix: "use at least one of each")
    }
    let bound = 1 / Double(inputs).squareRoot()
    weight = Parameter(Tensor.uniform([outputs, inputs], from: -bound, to: bound, using: generator))
    self.bias = bias ? Parameter(Tensor.uniform([outputs], from: -bound, to: bound, using: generator)) : nil
  }

  public var inputs: Int { weight.shape[1] }
  public var outputs: Int { weight.shape[0] }

  public func output(for x: Tensor, weight: Tensor) -> Tensor { linear(x, weight, bias?.value) }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank > 0, input[-1] == inputs else { throw ShapeError(self, input: input, "expects [..., \(inputs)]") }
    return Shape(input.dimensions.dropLast() + [outputs])
  }

  public override var configuration: String { "\(inputs) → \(outputs)\(bias == nil ? ", no bias" : "")" }
}
