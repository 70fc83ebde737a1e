import TensorCore

/// xᵢ for xᵢ > 0, else a learned slope times xᵢ: one slope for all, or one for each channel of [batch, channels, ...].
/// (He et al., 2015.) The shape stays; weight [1] or [channels]. Stops when the channels do not fit.
///
/// ```swift
/// PReLU()(Tensor([-4.0, 2.0])).detached()  // → [-1.0, 2.0]
/// ```
public final class PReLU: Module, Layer {
  public let weight: Parameter

  public init(_ channels: Int = 1, initial: Double = 0.25) {
    weight = Parameter(Tensor.full([channels], initial))
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let slopes = weight.value
    if slopes.count == 1 { return x.prelu(slopes) }
    let axes = [Int](repeating: 1, count: Swift.max(x.rank - 2, 0))
    return x.prelu(slopes.reshaped(Shape([slopes.count] + axes)))
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    let channels = weight.shape[0]
    guard channels == 1 || (input.rank >= 2 && input[1] == channels) else {
      throw ShapeError(self, input: input, "expects [batch, \(channels), ...]")
    }
    return input
  }

  public override var configuration: String { "\(weight.shape[0])" }
}
