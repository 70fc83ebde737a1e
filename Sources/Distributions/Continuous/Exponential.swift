import TensorCore

/// The exponential distribution: p(x) = λ exp(-λx) for x ≥ 0, with rate λ.
///
/// ```swift
/// Exponential(rate: Tensor(2.0)).mean  // → 0.5
/// ```
public struct Exponential: Reparameterizable, Cumulative, Entropic, Divergent {
  public let rate: Tensor

  /// Stops unless λ > 0.
  public init(rate: Tensor) {
    requirePositive("Exponential", "rate", rate)
    self.rate = broadcast("Exponential", ["rate": rate])[0]
  }

  public init(rate: Double) { self.init(rate: Tensor(rate)) }

  public var batchShape: Shape { rate.shape }
  public var mean: Tensor { rate.reciprocal() }
  public var variance: Tensor { rate.square().reciprocal() }
  public var entropy: Tensor { 1 - rate.log() }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    -openUniform(drawShape(shape), generator).log().cast(to: rate.dtype) / rate
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    (rate.log() - rate * x).kept(where: x .>= 0, else: -.infinity)
  }

  public func cumulative(_ x: Tensor) -> Tensor { -(-rate * x).clamped(to: ...0).expm1() }
  public func quantile(_ p: Tensor) -> Tensor { -(-p).log1p() / rate }

  public func divergence(from other: Exponential) -> Tensor {
    let ratio = other.rate / rate
    return ratio - 1 - ratio.log()
  }
}
