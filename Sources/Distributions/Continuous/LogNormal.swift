import TensorCore

/// The log-normal distribution: exp(Y) for a normal Y with mean μ and standard deviation σ.
///
/// ```swift
/// LogNormal(logMean: Tensor(0.0), logStandardDeviation: Tensor(1.0)).quantile(Tensor([0.5]))  // → [1.0]
/// ```
public struct LogNormal: Reparameterizable, Cumulative, Entropic, Divergent {
  /// The distribution of the logarithm.
  public let logarithm: Normal

  /// The mean and the standard deviation of the logarithm, of shapes that broadcast. Stops unless σ > 0.
  public init(logMean: Tensor, logStandardDeviation: Tensor) {
    logarithm = Normal(mean: logMean, standardDeviation: logStandardDeviation)
  }

  public var batchShape: Shape { logarithm.batchShape }
  /// exp(μ + σ²/2)
  public var mean: Tensor { (logarithm.mean + logarithm.variance * 0.5).exp() }
  /// (exp(σ²) - 1) exp(2μ + σ²)
  public var variance: Tensor {
    (logarithm.variance.exp() - 1) * (logarithm.mean * 2 + logarithm.variance).exp()
  }
  public var entropy: Tensor { logarithm.entropy + logarithm.mean }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    logarithm.reparameterizedSample(shape, using: generator).exp()
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    let positive = x .> 0
    let log = x.kept(where: positive, else: 1).log()
    return (logarithm.logProbability(log) - log).kept(where: positive, else: -.infinity)
  }

  public func cumulative(_ x: Tensor) -> Tensor {
    let positive = x .> 0
    return logarithm.cumulative(x.kept(where: positive, else: 1).log()).kept(where: positive, else: 0)
  }

  public func quantile(_ p: Tensor) -> Tensor { logarithm.quantile(p).exp() }
  public func divergence(from other: LogNormal) -> Tensor { logarithm.divergence(from: other.logarithm) }
}
