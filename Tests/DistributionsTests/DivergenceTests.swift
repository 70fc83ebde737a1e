import Distributions
import TensorCore
import TensorIO
import Testing

/// A pair of distributions, made from the parameters of both.
struct Pair: Sendable, CustomTestStringConvertible {
  let name: String
  let divergence: @Sendable ([Tensor], [Tensor]) -> Tensor
  var testDescription: String { name }

  /// Two of one kind.
  init<Kind: Divergent>(_ name: String, _ make: @escaping @Sendable ([Tensor]) -> Kind) {
    self.name = name
    divergence = { make($0).divergence(from: make($1)) }
  }

  init(_ name: String, pair: @escaping @Sendable ([Tensor], [Tensor]) -> Tensor) {
    (self.name, divergence) = (name, pair)
  }

  private static func normal(_ q: [Tensor]) -> Normal { Normal(mean: q[0], standardDeviation: q[1]) }

  static let all: [Pair] = [
    Pair("normal") { Normal(mean: $0[0], standardDeviation: $0[1]) },
    Pair("logNormal") { LogNormal(logMean: $0[0], logStandardDeviation: $0[1]) },
    Pair("halfNormal") { HalfNormal(scale: $0[0]) }, Pair("uniform") { Uniform(low: $0[0], high: $0[1]) },
    Pair("exponential") { Exponential(rate: $0[0]) }, Pair("laplace") { Laplace(location: $0[0], scale: $0[1]) },
    Pair("gumbel") { Gumbel(location: $0[0], scale: $0[1]) },
    Pair("cauchy") { Cauchy(location: $0[0], scale: $0[1]) },
    Pair("gamma") { Gamma(concentration: $0[0], rate: $0[1]) }, Pair("beta") { Beta(alpha: $0[0], beta: $0[1]) },
    Pair("dirichlet") { Dirichlet(concentration: $0[0]) }, Pair("poisson") { Poisson(rate: $0[0]) },
    Pair("geometric") { Geometric(probabilities: $0[0]) }, Pair("bernoulli") { Bernoulli(probabilities: $0[0]) },
    Pair("categorical") { Categorical(probabilities: $0[0]) },
    Pair("oneHotCategorical") { OneHotCategorical(probabilities: $0[0]) },
    Pair("binomial") { Binomial(trials: 9, probabilities: $0[0]) },
    Pair("independent") { Independent(Normal(mean: $0[0], standardDeviation: $0[1]), axes: 1) },
    Pair("multivariateNormal") { MultivariateNormal(mean: $0[0], choleskyFactor: $0[1]) },
    Pair("uniformNormal") { Uniform(low: $0[0], high: $0[1]).divergence(from: normal($1)) },
    Pair("laplaceNormal") { Laplace(location: $0[0], scale: $0[1]).divergence(from: normal($1)) },
    Pair("gumbelNormal") { Gumbel(location: $0[0], scale: $0[1]).divergence(from: normal($1)) },
    Pair("exponentialNormal") { Exponential(rate: $0[0]).divergence(from: normal($1)) },
    Pair("gammaNormal") { Gamma(concentration: $0[0], rate: $0[1]).divergence(from: normal($1)) },
    Pair("betaNormal") { Beta(alpha: $0[0], beta: $0[1]).divergence(from: normal($1)) },
    Pair("gammaExponential") {
      Gamma(concentration: $0[0], rate: $0[1]).divergence(from: Exponential(rate: $1[0]))
    },
    Pair("betaExponential") { Beta(alpha: $0[0], beta: $0[1]).divergence(from: Exponential(rate: $1[0])) },
    Pair("exponentialGamma") {
      Exponential(rate: $0[0]).divergence(from: Gamma(concentration: $1[0], rate: $1[1]))
    },
    Pair("normalLaplace") { normal($0).divergence(from: Laplace(location: $1[0], scale: $1[1])) },
    Pair("bernoulliPoisson") { Bernoulli(probabilities: $0[0]).divergence(from: Poisson(rate: $1[0])) },
    Pair("betaUniform") {
      Beta(alpha: $0[0], beta: $0[1]).divergence(from: Uniform(low: $1[0], high: $1[1]))
    },
  ]
}

@Suite("A divergence")
struct DivergenceTests {
  @Test("is PyTorch's, with its gradients", arguments: Pair.all)
  func pairs(of pair: Pair) throws {
    let name = "pair.\(pair.name)"
    let p = try Goldens.list("\(name)/p").map { $0.requiringGradient() }
    let q = try Goldens.list("\(name)/q").map { $0.requiringGradient() }
    let divergence = pair.divergence(p, q)
    // The golden of this one is an integral over a grid.
    let tolerance = pair.name == "normalLaplace" ? 1e-6 : 1e-11
    #expect(try difference(divergence, Goldens.tensor("\(name)/divergence")) < tolerance)
    let found = gradients(of: weighted(divergence), withRespectTo: p + q)
    for (index, gradient) in found.enumerated() {
      let label = index < p.count ? "p/\(index)" : "q/\(index - p.count)"
      #expect(try difference(gradient, Goldens.tensor("\(name)/gradient/\(label)")) < tolerance * 10, "\(label)")
    }
  }

  @Test("of distributions that are equal is 0, and infinite where the other has no density")
  func extremes() {
    let x = Tensor([0.5, 3.0], dtype: .float64)
    #expect(
      difference(VonMises(location: x, concentration: x).divergence(from: .init(location: x, concentration: x)), x * 0)
        < 1e-12)
    #expect(
      difference(ChiSquared(degreesOfFreedom: x).divergence(from: ChiSquared(degreesOfFreedom: x)), x * 0) < 1e-12)
    #expect(Uniform(low: 0, high: 2).divergence(from: Uniform(low: 0, high: 1)).item() == .infinity)
    #expect(Beta(alpha: 2, beta: 2).divergence(from: Uniform(low: 0, high: 0.5)).item() == .infinity)
    let p = Categorical(probabilities: Tensor([0.5, 0.5, 0.0]))
    let q = Categorical(probabilities: Tensor([0.25, 0.25, 0.5]))
    #expect(abs(p.divergence(from: q).item() - 0.693147) < 1e-5)
    #expect(q.divergence(from: p).item() == .infinity)
    #expect(abs(p.entropy.item() - 0.693147) < 1e-5)
  }

  @Test("of angles is the mean of the logarithms' difference")
  func angles() {
    let p = VonMises(location: Tensor(0.3, dtype: .float64), concentration: Tensor(2.0, dtype: .float64))
    let q = VonMises(location: Tensor(-1.0, dtype: .float64), concentration: Tensor(0.7, dtype: .float64))
    let x = (Tensor.range(0, 20_000, dtype: .float64) / 20_000 - 0.5) * (2 * Double.pi)
    let (log, other) = (p.logProbability(x), q.logProbability(x))
    let integral = (log.exp() * (log - other)).sum().item() * 2 * Double.pi / 20_000
    #expect(abs(p.divergence(from: q).item() - integral) < 1e-10)
  }
}
