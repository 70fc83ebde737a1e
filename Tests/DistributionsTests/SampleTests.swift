import Distributions
import Foundation
import TensorCore
import TensorIO
import Testing

@Suite("Draws")
struct SampleTests {
  static func t(_ x: Double) -> Tensor { Tensor(x, dtype: .float64) }

  static let factor = Tensor([[1.0, 0.0, 0.0], [-0.5, 2.0, 0.0], [1.0, 0.5, 0.3]], dtype: .float64)

  /// As in the goldens `draws.NAME`.
  static let draws: [(name: String, distribution: any Distribution)] = [
    ("normal", Normal(mean: t(0.3), standardDeviation: t(2))),
    ("logNormal", LogNormal(logMean: t(0.3), logStandardDeviation: t(0.7))), ("halfNormal", HalfNormal(scale: t(2))),
    ("uniform", Uniform(low: t(-1), high: t(2))), ("exponential", Exponential(rate: t(1.5))),
    ("laplace", Laplace(location: t(0.3), scale: t(2))), ("gumbel", Gumbel(location: t(0.3), scale: t(2))),
    ("logistic", Logistic(location: t(0.3), scale: t(2))), ("cauchy", Cauchy(location: t(0.3), scale: t(2))),
    ("gamma.small", Gamma(concentration: t(0.05), rate: t(1.5))),
    ("gamma.middle", Gamma(concentration: t(1), rate: t(1.5))),
    ("gamma.large", Gamma(concentration: t(20), rate: t(1.5))),
    ("gamma.huge", Gamma(concentration: t(5000), rate: t(1.5))), ("chiSquared", ChiSquared(degreesOfFreedom: t(3))),
    ("beta", Beta(alpha: t(0.5), beta: t(2.5))), ("beta.small", Beta(alpha: t(0.02), beta: t(0.03))),
    ("studentT", StudentT(degreesOfFreedom: t(2.5), location: t(0.3), scale: t(2))),
    ("vonMises", VonMises(location: t(0.3), concentration: t(2.5))),
    ("vonMises.small", VonMises(location: t(0.3), concentration: t(0.01))),
    ("vonMises.large", VonMises(location: t(0.3), concentration: t(300))), ("poisson.small", Poisson(rate: t(2.5))),
    ("poisson.large", Poisson(rate: t(33))), ("geometric", Geometric(probabilities: t(0.3))),
    ("binomial.small", Binomial(trials: 12, probabilities: t(0.2))),
    ("binomial.large", Binomial(trials: 100, probabilities: t(0.85))), ("bernoulli", Bernoulli(probabilities: t(0.3))),
  ]

  @Test("follow SciPy's distribution function (Kolmogorov–Smirnov)", arguments: draws.indices)
  func distributions(index: Int) throws {
    let (name, distribution) = Self.draws[index]
    let count = 40_000
    let points = try Goldens.tensor("draws.\(name)/points")
    let expected = try Goldens.tensor("draws.\(name)/probability").scalars(as: Double.self)
    for seed in [1, 2] as [UInt64] {
      let x = distribution.sample([count], using: RandomGenerator(seed: seed))
      #expect(x.isFinite().all().item(Bool.self))
      let below = (x.unsqueezed(1) .<= points).cast(to: .float64).mean(axis: 0).scalars(as: Double.self)
      let distance = zip(below, expected).map { abs($0 - $1) }.max() ?? 1
      // 1.95/√n is passed once in a thousand runs.
      #expect(distance < 1.95 / Double(count).squareRoot(), "\(name): \(distance)")
    }
  }

  @Test("of vectors and categories have the distribution's mean and variance")
  func vectors() throws {
    let p = Tensor([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]], dtype: .float64)
    let means = Tensor([[-1.0, 2.0, 0.0], [4.0, 0.0, 1.0]], dtype: .float64)
    let mixture = Mixture(
      weights: Categorical(probabilities: p), components: Normal(mean: means, standardDeviation: p + 0.5))
    let shared = Mixture(
      weights: Categorical(probabilities: p[0]), components: Normal(mean: means, standardDeviation: p + 0.5))
    let vectors = Mixture(
      weights: Categorical(probabilities: p[0, 0..<2]),
      components: Independent(Normal(mean: means, standardDeviation: p + 0.5), axes: 1))
    let cases: [any Distribution] = [
      Categorical(probabilities: p), OneHotCategorical(probabilities: p), Multinomial(trials: 6, probabilities: p),
      Multinomial(trials: 200, probabilities: p), Dirichlet(concentration: p * 10), Dirichlet(concentration: p),
      mixture, shared, vectors, Independent(Poisson(rate: p * 10), axes: 1),
      MultivariateNormal(mean: means, choleskyFactor: Self.factor),
    ]
    let count = 60_000
    for distribution in cases {
      let x = distribution.sample([count], using: RandomGenerator(seed: 3)).cast(to: .float64)
      #expect(x.shape.dimensions == [count] + distribution.batchShape.dimensions + distribution.eventShape.dimensions)
      let (mean, variance) = (distribution.mean, distribution.variance)
      // Five standard deviations of the mean; the variance within 5 %.
      let error = ((x.mean(axis: 0) - mean).abs() / (variance / Double(count)).sqrt()).max().item()
      #expect(error < 5, "\(type(of: distribution)): \(error)")
      #expect((x.variance(axis: 0) / variance - 1).abs().max().item() < 0.05, "\(type(of: distribution))")
      #expect(
        distribution.logProbability(distribution.sample([7])).shape.dimensions == [7]
          + distribution.batchShape.dimensions)
    }
    let counts = Multinomial(trials: 200, probabilities: p).sample([50], using: RandomGenerator(seed: 3))
    #expect((counts.sum(axis: -1) .== 200).all().item(Bool.self))
    #expect((counts .>= 0).all().item(Bool.self))
  }

  @Test("of correlated numbers have the covariance")
  func covariance() throws {
    let normal = MultivariateNormal(mean: Tensor.zeros([3], dtype: .float64), choleskyFactor: Self.factor)
    let x = normal.sample([100_000], using: RandomGenerator(seed: 4))
    let found = matmul(x.transposed(), x) / 100_000
    #expect((found - normal.covariance).abs().max().item() < 0.05)
    #expect(difference(normal.covariance, matmul(Self.factor, Self.factor.transposed())) < 1e-15)
    let again = try MultivariateNormal(mean: normal.mean, covariance: normal.covariance)
    #expect(difference(again.choleskyFactor, Self.factor) < 1e-14)
    #expect(throws: LinearAlgebraError.self) {
      try MultivariateNormal(mean: normal.mean, covariance: -normal.covariance)
    }
  }

  @Test("are the same for the same seed, with any number of threads, with gradients or without")
  func seeds() throws {
    for (name, distribution) in Self.draws {
      let shape: Shape = [3, 5000]
      let first = distribution.sample(shape, using: RandomGenerator(seed: 5))
      let again = Runtime.withThreadLimit(1) { distribution.sample(shape, using: RandomGenerator(seed: 5)) }
      let other = distribution.sample(shape, using: RandomGenerator(seed: 6))
      #expect(first.scalars(as: Double.self) == again.scalars(as: Double.self), "\(name)")
      #expect(first.scalars(as: Double.self) != other.scalars(as: Double.self), "\(name)")
      #expect(!first.requiresGradient)
      if let distribution = distribution as? any Reparameterizable {
        let same = distribution.reparameterizedSample(shape, using: RandomGenerator(seed: 5))
        #expect(first.scalars(as: Double.self) == same.scalars(as: Double.self), "\(name)")
      }
    }
  }

  @Test("keep the parameters' dtype, and broadcast to the batch")
  func shapes() {
    let normal = Normal(mean: Tensor.zeros([4, 1]), standardDeviation: Tensor.ones([3]))
    #expect(normal.sample([2]).shape == [2, 4, 3])
    #expect(normal.sample().dtype == .float32)
    #expect(Gamma(concentration: Tensor.ones([2, 0]), rate: Tensor(1.0)).sample([3]).shape == [3, 2, 0])
    #expect(Poisson(rate: Tensor([0.5, 50.0])).sample([5]).dtype == .float32)
    #expect(Categorical(logits: Tensor.zeros([2, 3])).sample([5]).dtype == .int64)
  }

  @Test("of a gamma have the derivative that implicit differentiation gives")
  func gammaDerivative() throws {
    let alpha = try Goldens.tensor("gammaDerivative/concentration")
    let found = logGammaDerivative(try Goldens.tensor("gammaDerivative/logX"), alpha)
    // Above 1000 it is an approximation.
    let golden = try Goldens.tensor("gammaDerivative/slope")
    for (a, (x, y)) in zip(
      alpha.scalars(as: Double.self), zip(found.scalars(as: Double.self), golden.scalars(as: Double.self)))
    {
      #expect(abs(x / y - 1) < (a > 1000 ? 3e-5 : 2e-7), "α = \(a): \(x), \(y)")
    }
  }

  @Test("carry gradients whose mean is the gradient of the mean")
  func reparameterization() {
    let count = 100_000
    func parameters(_ values: Double...) -> [Tensor] { values.map { Self.t($0).requiringGradient() } }
    /// Checks ∂E[f(X)]/∂θ against the mean over draws.
    func check(
      _ draw: Tensor, _ parameters: [Tensor], _ expected: [Double], at location: SourceLocation = #_sourceLocation
    ) {
      for (gradient, value) in zip(gradients(of: draw.mean(), withRespectTo: parameters), expected) {
        #expect(abs(gradient.item() - value) < 0.02 * max(1, abs(value)), sourceLocation: location)
      }
    }
    func generator() -> RandomGenerator { RandomGenerator(seed: 9) }
    let normal = parameters(0.5, 2)
    check(
      Normal(mean: normal[0], standardDeviation: normal[1]).reparameterizedSample([count], using: generator()).square(),
      normal, [1, 4])
    let gamma = parameters(0.7, 2)
    let draws = Gamma(concentration: gamma[0], rate: gamma[1]).reparameterizedSample([count], using: generator())
    check(draws, gamma, [0.5, -0.175])
    // ∂E[log X]/∂α = ψ′(α), that is ψ′(0.7) here.
    check(draws.log(), gamma, [2.8340491, -0.5])
    let beta = parameters(2, 3)
    check(
      Beta(alpha: beta[0], beta: beta[1]).reparameterizedSample([count], using: generator()), beta,
      [3.0 / 25, -2.0 / 25])
    let dirichlet = Tensor([1.0, 2.0, 3.0], dtype: .float64).requiringGradient()
    let vectors = Dirichlet(concentration: dirichlet).reparameterizedSample([count], using: generator())
    let slope = gradients(of: vectors.mean(axis: 0)[0], withRespectTo: [dirichlet])[0].scalars(as: Double.self)
    for (found, expected) in zip(slope, [5.0 / 36, -1.0 / 36, -1.0 / 36]) { #expect(abs(found - expected) < 0.004) }
    let t = parameters(6, 1, 2)
    check(
      StudentT(degreesOfFreedom: t[0], location: t[1], scale: t[2]).reparameterizedSample([count], using: generator())
        .square(), t, [-8.0 / 16, 2, 6])
    let squashed = parameters(0.5, 1)
    let base = Normal(mean: squashed[0], standardDeviation: squashed[1])
    check(Transformed(base, by: .exp).reparameterizedSample([count], using: generator()), squashed, [M_E, M_E])
  }

  @Test("of a gamma say so when a second derivative is asked for")
  func secondDerivative() async {
    await #expect(processExitsWith: .failure) {
      let alpha = Tensor(2.0).requiringGradient()
      let draw = Gamma(concentration: alpha, rate: Tensor(1.0)).reparameterizedSample(
        [3], using: RandomGenerator(seed: 1))
      let gradient = gradients(of: draw.sum(), withRespectTo: [alpha], differentiable: true)[0]
      _ = gradients(of: gradient, withRespectTo: [alpha])
    }
  }

  @Test("are not made with parameters that are wrong")
  func misuse() async {
    await #expect(processExitsWith: .failure) { _ = Normal(mean: Tensor([0.0]), standardDeviation: Tensor([0.0])) }
    await #expect(processExitsWith: .failure) {
      _ = Gamma(concentration: Tensor([1.0, 2.0]), rate: Tensor([1.0, 2.0, 3.0]))
    }
    await #expect(processExitsWith: .failure) { _ = Bernoulli(probabilities: Tensor([1.5])) }
    await #expect(processExitsWith: .failure) { _ = Poisson(rate: Tensor([Double.nan])) }
    await #expect(processExitsWith: .failure) { _ = Categorical(probabilities: Tensor([[0.0, 0.0]])) }
    await #expect(processExitsWith: .failure) { _ = Beta(alpha: Tensor([1.0]), beta: Tensor([1.0], dtype: .float64)) }
  }
}
