import Distributions
import Foundation
import TensorCore
import TensorIO
import Testing

@Suite("A distribution says what PyTorch's says:")
struct ValueTests {
  @Test("log-probabilities, and their gradients by the parameters and by x", arguments: Case.all)
  func logProbabilities(of item: Case) throws {
    let name = "\(item.name)/logProbability"
    let parameters = try Goldens.list("\(item.name)/parameter").map { $0.requiringGradient() }
    let x = try Goldens.tensor("\(item.name)/x")
    let isContinuous = Goldens.has("\(name)/gradient/x")
    let point = isContinuous ? x.requiringGradient() : x
    let log = item.make(parameters).logProbability(point)
    #expect(try difference(log, Goldens.tensor(name)) < 1e-12)
    guard Goldens.has("\(name)/gradient/0") else { return }
    let found = gradients(of: weighted(log), withRespectTo: parameters + (isContinuous ? [point] : []))
    for (index, gradient) in found.enumerated() {
      let label = index == parameters.count ? "x" : "\(index)"
      #expect(try difference(gradient, Goldens.tensor("\(name)/gradient/\(label)")) < 1e-10, "\(label)")
    }
  }

  @Test("means and variances", arguments: Case.all)
  func moments(of item: Case) throws {
    let distribution = item.make(try Goldens.list("\(item.name)/parameter"))
    for (key, value) in [("mean", distribution.mean), ("variance", distribution.variance)]
    where Goldens.has("\(item.name)/\(key)") {
      // PyTorch's Bessel functions are good to seven digits.
      let tolerance = item.name == "vonMises" && key == "variance" ? 3e-7 : 1e-12
      let golden = try Goldens.tensor("\(item.name)/\(key)")
      #expect(difference(value, golden.expanded(to: value.shape)) < tolerance, "\(key)")
    }
  }

  @Test("entropies, and their gradients", arguments: Case.all)
  func entropies(of item: Case) throws {
    let name = "\(item.name)/entropy"
    guard Goldens.has(name) else { return }
    let parameters = try Goldens.list("\(item.name)/parameter").map { $0.requiringGradient() }
    let distribution = try #require(item.make(parameters) as? any Entropic)
    let entropy = distribution.entropy
    let golden = try Goldens.tensor(name)
    #expect(difference(entropy, golden) < 1e-12)
    guard Goldens.has("\(name)/gradient/0"), entropy.requiresGradient else { return }
    let found = gradients(of: weighted(entropy), withRespectTo: parameters)
    for (index, gradient) in found.enumerated() {
      #expect(try difference(gradient, Goldens.tensor("\(name)/gradient/\(index)")) < 1e-10, "\(index)")
    }
  }

  @Test("distribution functions, whose inverse the quantiles are", arguments: Case.all)
  func cumulative(of item: Case) throws {
    let distribution = item.make(try Goldens.list("\(item.name)/parameter"))
    guard let distribution = distribution as? any Cumulative else { return }
    let x = try Goldens.tensor("\(item.name)/x")
    let p = distribution.cumulative(x)
    if Goldens.has("\(item.name)/cumulative") {
      #expect(try difference(p, Goldens.tensor("\(item.name)/cumulative")) < 1e-12)
    }
    let levels = Tensor([0.01, 0.3, 0.9], dtype: .float64)
    let back = distribution.cumulative(distribution.quantile(levels))
    #expect(difference(back, levels.expanded(to: back.shape)) < 1e-10)
  }

  @Test("nothing outside its support, without spoiling gradients")
  func support() throws {
    let one = Tensor([1.5], dtype: .float64).requiringGradient()
    let outside = Tensor([-1.0], dtype: .float64)
    let cases: [any Distribution] = [
      Gamma(concentration: one, rate: one), Exponential(rate: one), HalfNormal(scale: one), Beta(alpha: one, beta: one),
      LogNormal(logMean: one, logStandardDeviation: one), Uniform(low: one, high: one + 1), Poisson(rate: one),
      ChiSquared(degreesOfFreedom: one), Geometric(probabilities: one * 0.5),
      Binomial(trials: 3, probabilities: one * 0.5),
      Bernoulli(probabilities: one * 0.5),
    ]
    for distribution in cases {
      let inside = Tensor([1.0], dtype: .float64) * (distribution is Beta ? 0.5 : distribution is Uniform ? 2.0 : 1.0)
      let both = distribution.logProbability(Tensor.concatenated([outside, inside]))
      #expect(both[0].item() == -.infinity, "\(type(of: distribution))")
      let gradient = gradients(of: both[1], withRespectTo: [one])[0]
      #expect(gradient.isFinite().all().item(Bool.self), "\(type(of: distribution))")
    }
  }

  @Test("of categories without any probability, and finite gradients of the others")
  func impossible() {
    let p = Tensor([0.5, 0.0, 1.5], dtype: .float64).requiringGradient()
    let categorical = Categorical(probabilities: p)
    let log = categorical.logProbability(Tensor([0, 1, 2]))
    #expect(log[1].item() == -.infinity)
    // log(p₀ / (p₀ + p₁ + p₂))
    let gradient = gradients(of: log[0], withRespectTo: [p])[0]
    #expect(difference(gradient, Tensor([1.5, -0.5, -0.5], dtype: .float64)) < 1e-12)
    #expect(gradients(of: categorical.entropy, withRespectTo: [p])[0].isFinite().all().item(Bool.self))
  }

  @Test("the entropy of an angle is that of its density")
  func angles() {
    let kappas = Tensor([0.01, 0.8, 12.0, 2400.0, 2600.0, 1e6], dtype: .float64)
    let vonMises = VonMises(location: Tensor(0.4, dtype: .float64), concentration: kappas)
    let points = 400_000
    let angles = (Tensor.range(0, Double(points), dtype: .float64) / Double(points) - 0.5) * (2 * Double.pi)
    let log = vonMises.logProbability(angles.unsqueezed(1))
    let step = 2 * Double.pi / Double(points)
    #expect(difference(log.exp().sum(axis: 0) * step, Tensor.ones([6], dtype: .float64)) < 1e-10)
    #expect(difference((log.exp() * -log).sum(axis: 0) * step, vonMises.entropy) < 1e-9)
    let cosines = (log.exp() * (angles.unsqueezed(1) - 0.4).cos()).sum(axis: 0) * step
    #expect(difference(1 - cosines, vonMises.variance) < 1e-10)
  }
}
