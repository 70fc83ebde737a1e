import TensorCore

/// The uniform distribution: p(x) = 1 / (high - low) for low ≤ x < high.
///
/// ```swift
/// Uniform(low: 0, high: 4).quantile(Tensor([0.25, 1.0]))  // → [1.0, 4.0]
/// ```
public struct Uniform: Reparameterizable, Cumulative, Entropic, Divergent {
  public let low: Tensor
  public let high: Tensor

  /// Parameters of shapes that broadcast. Stops unless low < high.
  public init(low: Tensor, high: Tensor) {
    let parameters = broadcast("Uniform", ["low": low, "high": high])
    (self.low, self.high) = (parameters[0], parameters[1])
    requirePositive("Uniform", "high - low", parameters[1] - parameters[0])
  }

  public init(low: Double, high: Double) { self.init(low: Tensor(low), high: Tensor(high)) }

  public var batchShape: Shape { low.shape }
  private var width: Tensor { high - low }
  public var mean: Tensor { (low + high) * 0.5 }
  public var variance: Tensor { width.square() / 12 }
  public var entropy: Tensor { width.log() }

  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    low + width * Tensor.uniform(drawShape(shape), dtype: low.dtype, using: generator)
  }

  public func logProbability(_ x: Tensor) -> Tensor {
    (-width.log()).kept(where: (x .>= low) .& (x .< high), else: -.infinity)
  }

  public func cumulative(_ x: Tensor) -> Tensor { ((x - low) / width).clamped(to: 0...1) }
  public func quantile(_ p: Tensor) -> Tensor { low + width * p }

  /// Infinite unless this one's interval lies within the other's.
  public func divergence(from other: Uniform) -> Tensor {
    (other.width / width).log().kept(where: (other.low .<= low) .& (other.high .>= high), else: .infinity)
  }
}
