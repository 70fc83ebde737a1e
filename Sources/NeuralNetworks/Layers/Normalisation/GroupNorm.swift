import TensorCore

/// Group normalisation: y = weight·(x − μ)/√(σ² + ε) + bias, with each sample's mean μ and biased variance σ² over each
/// group of neighbouring channels and over space (Wu & He, 2018).
///
/// [batch, channels, ...], same shape out; weight (1 at first) and bias (0 at first) [channels]. Stops when the shapes
/// do not fit.
///
/// ```swift
/// let layer = GroupNorm(groups: 2, channels: 4)
/// layer(Tensor.ones([3, 4, 5, 5])).shape  // → [3, 4, 5, 5]
/// layer.namedParameters().map(\.name)  // → ["weight", "bias"]
/// ```
public final class GroupNorm: Module, Layer {
  public let weight: Parameter?
  public let bias: Parameter?
  public let groups: Int
  public let channels: Int
  public let epsilon: Double

  /// Stops unless the groups divide the channels.
  public init(groups: Int, channels: Int, epsilon: Double = 1e-5, affine: Bool = true) {
    guard groups >= 1, channels >= 1, channels % groups == 0, epsilon >= 0 else {
      stop(
        "GroupNorm", "\(groups) groups of \(channels) channels, epsilon \(epsilon)",
        fix: "use groups that divide the channels, and ε ≥ 0")
    }
    self.groups = groups
    self.channels = channels
    self.epsilon = epsilon
    weight = affine ? Parameter(Tensor.ones([channels])) : nil
    bias = affine ? Parameter(Tensor.zeros([channels])) : nil
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    if x.rank < 2 || x.shape[1] != channels {
      stop("GroupNorm", "x is \(x.shape)", fix: "pass [batch, \(channels), ...]")
    }
    return groupNorm(x, groups: groups, weight: weight?.value, bias: bias?.value, epsilon: epsilon)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank >= 2, input[1] == channels else {
      throw ShapeError(self, input: input, "expects [batch, \(channels), ...]")
    }
    return input
  }

  public override var configuration: String { "\(groups) groups of \(channels)" }
}
