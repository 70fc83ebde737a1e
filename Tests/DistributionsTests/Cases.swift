import Distributions
import Foundation
import TensorCore
import TensorIO
import Testing

/// What torch.distributions and SciPy computed, written by scripts/goldens/distributions.py.
struct Goldens {
  static let file: SafeTensors? = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return try? SafeTensors(contentsOf: folder.appending(path: "Goldens/distributions.safetensors"))
  }()

  static func tensor(_ name: String) throws -> Tensor { try #require(file)[name] }

  /// NAME/0, NAME/1, …
  static func list(_ name: String) throws -> [Tensor] {
    let names = Set(try #require(file).names)
    return try (0..<10).prefix { names.contains("\(name)/\($0)") }.map { try #require(file)["\(name)/\($0)"] }
  }

  static func has(_ name: String) -> Bool { file?.names.contains(name) == true }
}

/// A distribution, made from its parameters as the golden of that name has them.
struct Case: Sendable, CustomTestStringConvertible {
  let name: String
  let make: @Sendable ([Tensor]) -> any Distribution

  init(_ name: String, _ make: @escaping @Sendable ([Tensor]) -> any Distribution) {
    (self.name, self.make) = (name, make)
  }

  var testDescription: String { name }

  static let all: [Case] = [
    Case("normal") { Normal(mean: $0[0], standardDeviation: $0[1]) },
    Case("logNormal") { LogNormal(logMean: $0[0], logStandardDeviation: $0[1]) },
    Case("halfNormal") { HalfNormal(scale: $0[0]) }, Case("uniform") { Uniform(low: $0[0], high: $0[1]) },
    Case("exponential") { Exponential(rate: $0[0]) }, Case("laplace") { Laplace(location: $0[0], scale: $0[1]) },
    Case("gumbel") { Gumbel(location: $0[0], scale: $0[1]) },
    Case("logistic") { Logistic(location: $0[0], scale: $0[1]) },
    Case("cauchy") { Cauchy(location: $0[0], scale: $0[1]) },
    Case("gamma") { Gamma(concentration: $0[0], rate: $0[1]) },
    Case("chiSquared") { ChiSquared(degreesOfFreedom: $0[0]) }, Case("beta") { Beta(alpha: $0[0], beta: $0[1]) },
    Case("dirichlet") { Dirichlet(concentration: $0[0]) },
    Case("studentT") { StudentT(degreesOfFreedom: $0[0], location: $0[1], scale: $0[2]) },
    Case("vonMises") { VonMises(location: $0[0], concentration: $0[1]) },
    Case("bernoulli") { Bernoulli(probabilities: $0[0]) }, Case("bernoulliLogits") { Bernoulli(logits: $0[0]) },
    Case("categorical") { Categorical(probabilities: $0[0]) },
    Case("categoricalLogits") { Categorical(logits: $0[0]) },
    Case("oneHotCategorical") { OneHotCategorical(probabilities: $0[0]) },
    Case("binomial") { Binomial(trials: 12, probabilities: $0[0]) },
    Case("multinomial") { Multinomial(trials: 6, probabilities: $0[0]) }, Case("poisson") { Poisson(rate: $0[0]) },
    Case("geometric") { Geometric(probabilities: $0[0]) },
    Case("independent") { Independent(Normal(mean: $0[0], standardDeviation: $0[1]), axes: 1) },
    Case("mixture") {
      Mixture(
        weights: Categorical(probabilities: $0[0]), components: Normal(mean: $0[1], standardDeviation: $0[2]))
    },
    Case("multivariateNormal") { MultivariateNormal(mean: $0[0], choleskyFactor: $0[1]) },
    Case("transformed") { Transformed(Normal(mean: $0[0], standardDeviation: $0[1]), by: .tanh) },
  ]
}

/// The largest difference between two tensors, infinite if their shapes differ; relative where numbers exceed 1. Equal infinities, and
/// NaNs at the same places, are no difference.
func difference(_ a: Tensor, _ b: Tensor) -> Double {
  guard a.shape == b.shape else { return .infinity }
  return zip(a.detached().scalars(as: Double.self), b.detached().scalars(as: Double.self)).reduce(0) { worst, pair in
    let (x, y) = pair
    if x == y || (x.isNaN && y.isNaN) { return worst }
    let distance = abs(x - y) / max(1, abs(y))
    return distance.isNaN ? .infinity : max(worst, distance)
  }
}

/// Σⱼ cos(j)·xⱼ
func weighted(_ x: Tensor) -> Tensor {
  (x.flattened() * Tensor.range(0, Double(x.count), dtype: x.dtype).cos()).sum()
}
