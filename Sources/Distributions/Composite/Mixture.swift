import TensorCore

/// A mixture of distributions of one kind: p(x) = Σₖ wₖ pₖ(x).
///
/// ```swift
/// let parts = Normal(mean: Tensor([-2.0, 2.0]), standardDeviation: Tensor([1.0, 1.0]))
/// let mixture = Mixture(weights: Categorical(probabilities: Tensor([0.5, 0.5])), components: parts)
/// mixture.batchShape  // → []
/// mixture.mean  // → 0.0
/// ```
public struct Mixture<Component: Distribution>: Distribution {
  /// Over the components: its batch is the mixture's.
  public let weights: Categorical
  /// A batch of shape [..., components].
  public let components: Component

  /// Stops unless the components' batch ends in as many as there are weights, behind a batch that fits the weights'.
  public init(weights: Categorical, components: Component) {
    guard components.batchShape.rank > 0, components.batchShape[-1] == weights.categories,
      Shape.broadcast(weights.batchShape, Shape(Array(components.batchShape.dimensions.dropLast())))
        == Shape(Array(components.batchShape.dimensions.dropLast()))
    else {
      stop(
        "Mixture",
        "weights of \(weights.batchShape) + [\(weights.categories)] for components of \(components.batchShape)",
        fix: "give the components a batch of [..., \(weights.categories)]")
    }
    (self.weights, self.components) = (weights, components)
  }

  public var batchShape: Shape { Shape(Array(components.batchShape.dimensions.dropLast())) }
  public var eventShape: Shape { components.eventShape }
  /// The axis of the components in what they give for each event, counted from the last.
  private var axis: Int { -1 - eventShape.rank }

  public var mean: Tensor { weighted(components.mean) }
  public var variance: Tensor {
    weighted(components.variance + components.mean.square()) - mean.square()
  }

  private func weighted(_ x: Tensor) -> Tensor {
    let ones = [Int](repeating: 1, count: eventShape.rank)
    let weights = weights.probabilities
    return (weights.reshaped(Shape(weights.shape.dimensions + ones)) * x).sum(axis: axis)
  }

  /// Draws of all components, of which one is taken.
  public func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    withoutGradients {
      let all = components.sample(shape, using: generator)
      let leading = shape.dimensions + batchShape.dimensions
      let extra = batchShape.rank - weights.batchShape.rank
      // Weights with a smaller batch than the components' still choose anew for each element of it.
      let chosen = weights.sample(
        Shape(shape.dimensions + batchShape.dimensions.prefix(extra)), using: generator)
      let ones = [Int](repeating: 1, count: eventShape.rank + 1)
      let indices = chosen.expanded(to: Shape(leading)).reshaped(Shape(leading + ones))
      return all.gathered(axis: axis, indices: indices.expanded(to: Shape(leading + [1] + eventShape.dimensions)))
        .squeezed(axis)
    }
  }

  /// log Σₖ wₖ pₖ(x)
  public func logProbability(_ x: Tensor) -> Tensor {
    let x = x.unsqueezed(axis)
    return (components.logProbability(x) + weights.logProbabilities).logSumExp(axis: -1)
  }
}
