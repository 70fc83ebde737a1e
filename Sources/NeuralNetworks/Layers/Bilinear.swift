import TensorCore

/// A bilinear map of two inputs: yₖ = aᵀ·Wₖ·b + biasₖ along the last axes (Tenenbaum & Freeman, "Separating style and
/// content with bilinear models", 2000).
///
/// a [..., left], b [..., right] with the same leading axes → [..., outputs]; weight [outputs, left, right], bias
/// [outputs]. Both start uniform in ±1/√left, as in PyTorch. Stops when the shapes do not fit.
///
/// ```swift
/// Bilinear(3, 4, 2)(Tensor.ones([5, 3]), Tensor.ones([5, 4])).shape  // → [5, 2]
/// ```
public final class Bilinear: Module {
  public let weight: Parameter
  public let bias: Parameter?

  /// Stops unless all sizes are at least 1.
  public init(
    _ left: Int, _ right: Int, _ outputs: Int, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    guard left >= 1, right >= 1, outputs >= 1 else {
      stop("Bilinear", "\(left) and \(right) inputs, \(outputs) outputs", fix: "use at least one of each")
    }
    let bound = 1 / Double(left).squareRoot()
    weight = Parameter(Tensor.uniform([outputs, left, right], from: -bound, to: bound, using: generator))
    self.bias = bias ? Parameter(Tensor.uniform([outputs], from: -bound, to: bound, using: generator)) : nil
  }

  public func callAsFunction(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (outputs, left, right) = (weight.shape[0], weight.shape[1], weight.shape[2])
    let outer = Array(a.shape.dimensions.dropLast())
    guard a.rank > 0, a.shape[-1] == left, b.shape.dimensions == outer + [right] else {
      stop(title, "a is \(a.shape), b \(b.shape)", fix: "pass [..., \(left)] and [..., \(right)]")
    }
    let rows = outer.reduce(1, *)
    // aᵀ·Wₖ for all k in one product, then its products with b.
    let maps = matmul(a.reshaped([rows, left]), weight.value.permuted([1, 0, 2]).reshaped([left, outputs * right]))
    let y = matmul(maps.reshaped([rows, outputs, right]), b.reshaped([rows, right, 1])).reshaped(
      Shape(outer + [outputs]))
    return bias.map { y + $0.value } ?? y
  }

  public override var configuration: String { "\(weight.shape[1]), \(weight.shape[2]) → \(weight.shape[0])" }
}
