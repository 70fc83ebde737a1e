import TensorCore

/// The χ² distribution with ν degrees of freedom: the sum of ν squared standard normal numbers, for any ν > 0.
///
/// ```swift
/// ChiSquared(degreesOfFreedom: Tensor(3.0)).mean  // → 3.0
/// ```
public struct ChiSquared: Reparameterizable, Entropic, Divergent {
  public let degreesOfFreedom: Tensor
  /// The same distribution as a gamma: concentration ν/2, rate 1/2.
  public let gamma: Gamma

  /// Stops unless ν > 0.
  public init(degreesOfFreedom: Tensor) {
    self.degreesOfFreedom = degreesOfFreedom
    gamma = Gamma(concentration: degreesOfFreedom * 0.5, rate: Tensor.full([], 0.5, dtype: degreesOfFreedom.dtype))
  }

  public var batchShape: Shape { gamma.batchShape }
  public var mean: Tensor { degreesOfFreedom }
  public var variance: Tensor { degreesOfFreedom * 2 }
  public var entropy: Tensor { gamma.entropy }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    gamma.reparameterizedSample(shape, using: generator)
  }

  public func logProbability(_ x: Tensor) -> Tensor { gamma.logProbability(x) }
  public func divergence(from other: ChiSquared) -> Tensor { gamma.divergence(from: other.gamma) }
}
