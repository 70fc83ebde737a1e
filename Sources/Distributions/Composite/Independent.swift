import TensorCore

/// A batch of distributions taken as one distribution of vectors (matrices, …): the last axes of the batch become event
/// axes, over which log-probabilities, entropies and divergences are summed.
///
/// ```swift
/// let normal = Normal(mean: Tensor.zeros([4, 3]), standardDeviation: Tensor.ones([4, 3]))
/// let vectors = Independent(normal, axes: 1)
/// vectors.batchShape  // → [4]
/// vectors.eventShape  // → [3]
/// ```
public struct Independent<Base: Distribution>: Distribution {
  public let base: Base
  /// How many axes of the base's batch are event axes here.
  public let axes: Int

  /// Stops when the base's batch has fewer axes.
  public init(_ base: Base, axes: Int) {
    if axes < 0 || axes > base.batchShape.rank {
      stop(
        "Independent", "\(axes) axes of a batch of \(base.batchShape)", fix: "pass 0...\(base.batchShape.rank)")
    }
    (self.base, self.axes) = (base, axes)
  }

  public var batchShape: Shape { Shape(Array(base.batchShape.dimensions.dropLast(axes))) }
  public var eventShape: Shape { Shape(base.batchShape.dimensions.suffix(axes) + base.eventShape.dimensions) }
  public var mean: Tensor { base.mean }
  public var variance: Tensor { base.variance }

  public func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    base.sample(shape, using: generator)
  }

  public func logProbability(_ x: Tensor) -> Tensor { summed(base.logProbability(x)) }

  private func summed(_ x: Tensor) -> Tensor { axes == 0 ? x : x.sum(axes: Array(-axes..<0)) }
}

extension Independent: Reparameterizable where Base: Reparameterizable {
  public func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    base.reparameterizedSample(shape, using: generator)
  }

  public func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    base.sample(shape, using: generator)
  }
}

extension Independent: Entropic where Base: Entropic {
  public var entropy: Tensor { summed(base.entropy) }
}

extension Independent: Divergent where Base: Divergent {
  public func divergence(from other: Independent<Base>) -> Tensor { summed(base.divergence(from: other.base)) }
}
