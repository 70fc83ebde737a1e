import TensorCore

/// What `InstanceNorm1d` and `InstanceNorm2d` share: y = weight·(x − μ)/√(σ² + ε) + bias, with the mean μ and the biased
/// variance σ² of each sample's each channel over space (Ulyanov, Vedaldi & Lempitsky, 2016), in training and in
/// evaluation alike. As in PyTorch, weight and bias are there only when asked for.
public class InstanceNorm: Module {
  /// [channels], 1 at first; nil unless `affine`.
  public let weight: Parameter?
  /// [channels], 0 at first; nil unless `affine`.
  public let bias: Parameter?
  public let channels: Int
  public let epsilon: Double

  /// Stops unless there is a channel and ε ≥ 0.
  init(_ channels: Int, epsilon: Double, affine: Bool) {
    guard channels >= 1, epsilon >= 0 else {
      stop("InstanceNorm", "\(channels) channels, epsilon \(epsilon)", fix: "use at least one channel, and ε ≥ 0")
    }
    self.channels = channels
    self.epsilon = epsilon
    weight = affine ? Parameter(Tensor.ones([channels])) : nil
    bias = affine ? Parameter(Tensor.zeros([channels])) : nil
  }

  public override var configuration: String { "\(channels)" }

  func normalised(_ x: Tensor, rank: Int, _ expected: String) -> Tensor {
    if x.rank != rank || x.shape[1] != channels {
      stop("\(type(of: self))", "x is \(x.shape)", fix: "pass [batch, \(channels), \(expected)]")
    }
    return instanceNorm(x, weight: weight?.value, bias: bias?.value, epsilon: epsilon)
  }

  func unchanged(_ input: Shape, rank: Int, _ expected: String) throws(ShapeError) -> Shape {
    guard input.rank == rank, input[1] == channels, input.dimensions[2...].reduce(1, *) >= 2 else {
      throw ShapeError(self, input: input, "expects [batch, \(channels), \(expected)] with two places or more")
    }
    return input
  }
}

/// Instance normalisation of sequences: each channel of each sample to mean 0 and variance 1 over its length (Ulyanov,
/// Vedaldi & Lempitsky, 2016).
///
/// [batch, channels, length], same shape out. Stops when the shapes do not fit or the length is 1.
///
/// ```swift
/// InstanceNorm1d(1, epsilon: 0)(Tensor([[[1.0, 3.0]]]))  // → [[[-1.0,  1.0]]]
/// ```
public final class InstanceNorm1d: InstanceNorm, Layer {
  public override init(_ channels: Int, epsilon: Double = 1e-5, affine: Bool = false) {
    super.init(channels, epsilon: epsilon, affine: affine)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { normalised(x, rank: 3, "length") }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { try unchanged(input, rank: 3, "length") }
}

/// Instance normalisation of pictures: each channel of each sample to mean 0 and variance 1 over the picture (Ulyanov,
/// Vedaldi & Lempitsky, 2016).
///
/// [batch, channels, height, width], same shape out. Stops when the shapes do not fit or a picture has one place.
///
/// ```swift
/// InstanceNorm2d(3, affine: true)(Tensor.ones([2, 3, 4, 4])).shape  // → [2, 3, 4, 4]
/// ```
public final class InstanceNorm2d: InstanceNorm, Layer {
  public override init(_ channels: Int, epsilon: Double = 1e-5, affine: Bool = false) {
    super.init(channels, epsilon: epsilon, affine: affine)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { normalised(x, rank: 4, "height, width") }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try unchanged(input, rank: 4, "height, width")
  }
}
