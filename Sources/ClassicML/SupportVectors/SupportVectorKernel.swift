import TensorCore

/// A product of two samples in a space that they need not be brought to (Boser, Guyon & Vapnik, "A training algorithm
/// for optimal margin classifiers", 1992).
public enum SupportVectorKernel: Sendable, Hashable, Codable {
  /// How far one sample's influence reaches: the larger, the shorter.
  public enum Gamma: Sendable, Hashable, Codable {
    /// 1/(features · variance of all numbers of x)
    case scale
    /// 1/features
    case automatic
    case value(Double)
  }

  /// x·z
  case linear
  /// (γ·x·z + c)ᵈ
  case polynomial(degree: Int = 3, gamma: Gamma = .scale, offset: Double = 0)
  /// exp(−γ‖x − z‖²), the radial basis function.
  case rbf(gamma: Gamma = .scale)
  /// tanh(γ·x·z + c). No inner product in every case, but often a useful one.
  case sigmoid(gamma: Gamma = .scale, offset: Double = 0)

  var isSensible: Bool {
    switch self {
    case .linear: true
    case .polynomial(let degree, let gamma, let offset): degree > 0 && gamma.isSensible && offset.isFinite
    case .rbf(let gamma): gamma.isSensible
    case .sigmoid(let gamma, let offset): gamma.isSensible && offset.isFinite
    }
  }

  /// With γ as a number, for samples like these.
  func fixed(for x: Tensor) -> SupportVectorKernel {
    switch self {
    case .linear: self
    case .polynomial(let degree, let gamma, let offset):
      .polynomial(degree: degree, gamma: gamma.fixed(for: x), offset: offset)
    case .rbf(let gamma): .rbf(gamma: gamma.fixed(for: x))
    case .sigmoid(let gamma, let offset): .sigmoid(gamma: gamma.fixed(for: x), offset: offset)
    }
  }
}

extension SupportVectorKernel.Gamma {
  fileprivate var isSensible: Bool {
    if case .value(let value) = self { return value > 0 && value.isFinite }
    return true
  }

  fileprivate func fixed(for x: Tensor) -> Self { .value(number(for: x)) }

  /// A ``scale`` of samples that do not vary is 1.
  func number(for x: Tensor) -> Double {
    switch self {
    case .value(let value): return value
    case .automatic: return 1 / Double(x.shape[1])
    case .scale:
      // By rows, whose means float32 holds well enough, to keep no copy in float64.
      let means = x.mean(axis: 1).cast(to: .float64)
      let variance = x.variance(axis: 1, correction: 0).cast(to: .float64).mean() + means.variance(correction: 0)
      let found = variance.item()
      return found > 0 ? 1 / (Double(x.shape[1]) * found) : 1
    }
  }
}
