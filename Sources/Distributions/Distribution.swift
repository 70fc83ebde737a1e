import TensorCore

/// A probability distribution, or a batch of independent ones with parameters of their own.
///
/// A draw has the shape [sample shape] + [batch shape] + [event shape]: `batchShape` is what the parameters broadcast
/// to, `eventShape` is the shape of one draw: [] for numbers, [categories] for a `Dirichlet`. Results for each
/// distribution of the batch, such as log-probabilities and entropies, have no event axes.
///
/// ```swift
/// let normal = Normal(mean: Tensor([0.0, 10.0]), standardDeviation: Tensor(1.0))
/// normal.batchShape  // → [2]
/// normal.sample([5]).shape  // → [5, 2]
/// normal.logProbability(Tensor([0.0, 10.0])).shape  // → [2]
/// ```
public protocol Distribution: Sendable {
  /// The shape that the parameters broadcast to.
  var batchShape: Shape { get }
  /// The shape of one draw from one distribution.
  var eventShape: Shape { get }

  /// Independent draws of the shape `shape` + `batchShape` + `eventShape`. They carry no gradient; see
  /// ``Reparameterizable``.
  func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor

  /// The logarithm of the density at x, or for counts and categories of the probability of x; -infinity outside the
  /// support. x broadcasts against `batchShape` + `eventShape`.
  func logProbability(_ x: Tensor) -> Tensor

  /// The expectation, of shape `batchShape` + `eventShape`; NaN where there is none.
  var mean: Tensor { get }
  /// The variance of each element of a draw, of shape `batchShape` + `eventShape`; NaN where there is none.
  var variance: Tensor { get }
}

extension Distribution {
  public var eventShape: Shape { [] }

  /// Draws with ``RandomGenerator/default``.
  public func sample(_ shape: Shape = []) -> Tensor { sample(shape, using: .default) }

  /// The square root of the variance.
  public var standardDeviation: Tensor { variance.sqrt() }

  /// The shape of draws.
  func drawShape(_ shape: Shape) -> Shape {
    Shape(shape.dimensions + batchShape.dimensions + eventShape.dimensions)
  }
}

/// A distribution whose draws are differentiable functions of its parameters (Kingma & Welling, "Auto-encoding
/// variational Bayes", 2014).
///
/// ```swift
/// let scale = Tensor(2.0).requiringGradient()
/// let draw = Normal(mean: Tensor(0.0), standardDeviation: scale).reparameterizedSample([3])
/// draw.requiresGradient  // → true
/// ```
public protocol Reparameterizable: Distribution {
  /// Draws as ``Distribution/sample(_:using:)`` gives them, bit for bit, through which gradients flow to the
  /// parameters.
  func reparameterizedSample(_ shape: Shape, using generator: RandomGenerator) -> Tensor
}

extension Reparameterizable {
  public func sample(_ shape: Shape, using generator: RandomGenerator) -> Tensor {
    withoutGradients { reparameterizedSample(shape, using: generator) }
  }

  /// Draws with ``RandomGenerator/default``.
  public func reparameterizedSample(_ shape: Shape = []) -> Tensor { reparameterizedSample(shape, using: .default) }
}

/// A distribution of numbers whose cumulative distribution function F(x) = P(X ≤ x) has a closed form.
///
/// ```swift
/// Uniform(low: Tensor(0.0), high: Tensor(4.0)).quantile(Tensor([0.25]))  // → [1.0]
/// ```
public protocol Cumulative: Distribution {
  /// F(x).
  func cumulative(_ x: Tensor) -> Tensor
  /// The x with F(x) = p, for p in 0...1.
  func quantile(_ p: Tensor) -> Tensor
}

/// A distribution whose entropy, -E[log p(X)], has a closed form.
///
/// ```swift
/// Uniform(low: Tensor(0.0), high: Tensor(1.0)).entropy  // → 0.0
/// ```
public protocol Entropic: Distribution {
  /// The entropy in nats, of shape `batchShape`.
  var entropy: Tensor { get }
}

/// A distribution whose Kullback–Leibler divergence from another of its kind has a closed form.
///
/// ```swift
/// let p = Normal(mean: 0, standardDeviation: 1)
/// let q = Normal(mean: 1, standardDeviation: 1)
/// p.divergence(from: q)  // → 0.5
/// ```
public protocol Divergent: Distribution {
  /// KL(self ‖ other) = E[log p(X) - log q(X)] for X drawn from this distribution p, with `other` as q; of the shape
  /// that the batches broadcast to.
  func divergence(from other: Self) -> Tensor
}
