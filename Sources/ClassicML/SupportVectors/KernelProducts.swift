import TensorCore

/// The values of a kernel between some samples and a fixed set of them, by a product of matrices.
///
/// −γ‖x − z‖² is a product too, of factors with two more columns: with u = √(2γ)·x, it is [u, −‖u‖²/2, 1]·[v, 1,
/// −‖v‖²/2].
struct KernelProducts {
  private let kernel: SupportVectorKernel
  /// The fixed samples, [samples, features], with the two more columns for ``SupportVectorKernel/rbf(gamma:)``.
  private let factors: Tensor
  /// What is taken off samples for `.rbf`, which does not see it: the products' rounding grows with the factors'
  /// lengths.
  private let centre: Tensor?

  var count: Int { factors.shape[0] }

  /// - Parameter kernel: One whose γ is a number.
  init(_ kernel: SupportVectorKernel, _ samples: Tensor) {
    self.kernel = kernel
    if case .rbf(let gamma) = kernel {
      let mean = samples.mean(axis: 0)
      centre = mean
      factors = Self.radialFactors(samples, mean, gamma.number(for: samples), isFixed: true)
    } else {
      (centre, factors) = (nil, samples)
    }
  }

  private init(_ kernel: SupportVectorKernel, factors: Tensor, centre: Tensor?) {
    (self.kernel, self.factors, self.centre) = (kernel, factors, centre)
  }

  /// Between fewer of the fixed samples.
  func rows(_ indices: [Int]) -> KernelProducts {
    KernelProducts(kernel, factors: factors.rows(indices), centre: centre)
  }

  /// Between each of x and each of the fixed samples, [x, samples].
  func values(of x: Tensor) -> Tensor {
    if case .rbf(let gamma) = kernel, let centre {
      return values(factors: Self.radialFactors(x, centre, gamma.number(for: x), isFixed: false))
    }
    return values(factors: x)
  }

  /// Between these of the fixed samples and all of them.
  func values(at indices: [Int]) -> Tensor {
    let some = factors.rows(indices)
    guard centre != nil else { return values(factors: some) }
    let width = some.shape[1] - 2
    let order = Array(0..<width) + [width + 1, width]
    return values(factors: some.indexSelected(axis: 1, indices: Tensor(order, shape: [order.count])))
  }

  /// Of each fixed sample with itself, float64 [samples].
  func diagonal() -> Tensor {
    if centre != nil { return Tensor.ones([count], dtype: .float64) }
    return mapped(factors.square().sum(axis: 1).cast(to: .float64))
  }

  private func values(factors x: Tensor) -> Tensor { mapped(matmul(x, factors.transposed(0, 1))) }

  /// What the kernel makes of products.
  private func mapped(_ products: Tensor) -> Tensor {
    switch kernel {
    case .linear: return products
    case .rbf: return products.exp()
    case .polynomial(let degree, let gamma, let offset):
      let base = products * gamma.number(for: factors) + offset
      return (1..<degree).reduce(base) { power, _ in power * base }
    case .sigmoid(let gamma, let offset): return (products * gamma.number(for: factors) + offset).tanh()
    }
  }

  private static func radialFactors(_ x: Tensor, _ centre: Tensor, _ gamma: Double, isFixed: Bool) -> Tensor {
    let u = (x - centre) * (2 * gamma).squareRoot()
    let power = u.square().sum(axis: 1, keepingDimensions: true) * -0.5
    let one = Tensor.ones(power.shape, dtype: x.dtype)
    return Tensor.concatenated(isFixed ? [u, one, power] : [u, power, one], axis: 1)
  }
}

extension KernelProducts {
  /// Throws where a sample's product with itself, or its length, overflows: then others would too.
  func checkFinite(for estimator: String) throws(EstimatorError) {
    // Rows are kept in float32; those of `.rbf` are small, but their exponents may not be.
    let sizes = centre == nil ? diagonal().cast(to: .float32) : factors
    if sizes.isFinite().all().item(Bool.self) { return }
    throw .numerical(
      of: estimator, finding: "a sample's product with itself is beyond the numbers' range",
      fix: "scale the features first, by StandardScaler for instance")
  }
}
