import TensorCore

/// An invertible function of each element, with the logarithm of its derivative.
public struct Transform: Sendable {
  public let name: String
  public let forward: @Sendable (Tensor) -> Tensor
  public let inverse: @Sendable (Tensor) -> Tensor
  /// log |dy/dx| at x.
  public let logDerivative: @Sendable (_ x: Tensor) -> Tensor

  public init(
    _ name: String, forward: @escaping @Sendable (Tensor) -> Tensor, inverse: @escaping @Sendable (Tensor) -> Tensor,
    logDerivative: @escaping @Sendable (_ x: Tensor) -> Tensor
  ) {
    (self.name, self.forward, self.inverse, self.logDerivative) = (name, forward, inverse, logDerivative)
  }

  /// y = exp(x)
  public static let exp = Transform("exp", forward: { $0.exp() }, inverse: { $0.log() }, logDerivative: { $0 })

  /// y = 1 / (1 + exp(-x))
  public static let sigmoid = Transform(
    "sigmoid", forward: { $0.sigmoid() }, inverse: { $0.log() - (-$0).log1p() },
    logDerivative: { $0.logSigmoid() + (-$0).logSigmoid() })

  /// y = tanh(x)
  public static let tanh = Transform(
    "tanh", forward: { $0.tanh() }, inverse: { ($0.log1p() - (-$0).log1p()) * 0.5 },
    // log(1 - tanh²x) = 2 (log 2 - x - log(1 + exp(-2x)))
    logDerivative: { (0.693_147_180_559_945_3 - $0 + ($0 * 2).logSigmoid()) * 2 })

  /// y = shift + scale·x, for a scale that is nowhere 0.
  public static func affine(shift: Tensor, scale: Tensor) -> Transform {
    Transform(
      "affine", forward: { $0 * scale + shift }, inverse: { ($0 - shift) / scale },
      logDerivative: { scale.abs().log() + Tensor.zeros(like: $0) })
  }
}

/// The distribution of f(X): log p(y) = log p(x) - log |dy/dx| at x = f⁻¹(y).
///
/// It is for functions of each element, which keep the shape of a draw. It has neither mean nor variance in closed
/// form: both are NaN.
///
/// ```swift
/// let squashed = Transformed(Normal(mean: 0, standardDeviation: 1), by: .tanh)
/// abs(squashed.sample().item()) < 1  // → true
/// ```
public struct Transformed<Base: Distribution>: Distribution {
  public let base: Base
  public let transform: Transform

  public init(_ base: Base, by transform: Transform) { (self.base, self.transform) = (base, transform) }

  public var batchShape: Shape { base.batchShape }
  public var eventShape: Shape { base.eventShape }
  public var mean: Tensor { base.mean * .nan }
  public var variance: Tensor { mean }

  public func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    withoutGradients { transform.forward(base.sample(shape, using: generator)) }
  }

  public func logProbability(_ y: Tensor) -> Tensor {
    let x = transform.inverse(y)
    let log = transform.logDerivative(x)
    let rank = eventShape.rank
    return base.logProbability(x) - (rank == 0 ? log : log.sum(axes: Array(-rank..<0)))
  }
}

extension Transformed: Reparameterizable where Base: Reparameterizable {
  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    transform.forward(base.reparameterizedSample(shape, using: generator))
  }

  public func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    withoutGradients { transform.forward(base.sample(shape, using: generator)) }
  }
}
