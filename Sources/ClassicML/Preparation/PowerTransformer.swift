import DataPipelines
import Foundation
import TensorCore

/// Makes each feature as normally distributed as a power can, its exponent λ being the likeliest: Yeo & Johnson's, "A new family of power
/// transformations to improve normality or symmetry" (2000), for all numbers, or Box & Cox's, "An analysis of transformations" (1964), for
/// positive ones.
///
/// ```swift
/// let x = Tensor([[1.0], [2.0], [4.0], [8.0], [16.0]], dtype: .float64)
/// let fitted = try PowerTransformer(method: .boxCox).fit(x)
/// abs(fitted.exponents.item()) < 1e-6  // → true
/// try fitted.transform(x)  // ≈ [[-1.4142], [-0.7071], [0], [0.7071], [1.4142]]
/// ```
public struct PowerTransformer: Transformer {
  public enum Method: String, Sendable, Hashable, Codable {
    /// ((x + 1)^λ − 1)/λ for x ≥ 0, −((1 − x)^(2−λ) − 1)/(2 − λ) for x < 0.
    case yeoJohnson
    /// (x^λ − 1)/λ
    case boxCox
  }

  public var method: Method
  /// Whether features get mean 0 and deviation 1 afterwards.
  public var standardizes: Bool

  public init(method: Method = .yeoJohnson, standardizes: Bool = true) {
    (self.method, self.standardizes) = (method, standardizes)
  }

  public struct Fitted: InvertibleTransformer {
    /// λ, float64 [features]; 1 for features that do not vary.
    public let exponents: Tensor
    let mean: Tensor
    let scale: Tensor
    let method: PowerTransformer.Method

    public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let x = try x.dense(for: PowerTransformer.name, width: exponents.count)
      try method.checkSigns(x)
      let y = method.changed(x.columnArrays(), exponents.scalars(as: Double.self)) { $0.value(of: $1, $2) }
      return ((Tensor(columns: y, dtype: .float64) - mean) / scale).cast(to: x.dtype)
    }

    public func inverseTransform(_ y: Tensor) throws(EstimatorError) -> Tensor {
      let y = try y.dense(for: PowerTransformer.name, width: exponents.count)
      let columns = (y.cast(to: .float64) * scale + mean).columnArrays()
      let x = method.changed(columns, exponents.scalars(as: Double.self)) { $0.argument(of: $1, $2) }
      return Tensor(columns: x, dtype: y.dtype)
    }
  }

  public func fit(_ x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
    let x = try x.dense(for: Self.name)
    try method.checkSigns(x)
    let (columns, method) = (x.columnArrays(), method)
    let exponents = ParallelMap.map(count: columns.count, threads: Runtime.threads) {
      method.likeliestExponent(columns[$0])
    }
    let changed = method.changed(columns, exponents) { $0.value(of: $1, $2) }
    let moments = FeatureMoments(Tensor(columns: changed, dtype: .float64))
    return Fitted(
      exponents: Tensor(exponents, dtype: .float64),
      mean: standardizes ? moments.mean : Tensor.zeros(like: moments.mean),
      scale: standardizes ? moments.deviation : Tensor.ones(like: moments.mean), method: method)
  }
}

extension PowerTransformer.Method {
  fileprivate func checkSigns(_ x: Tensor) throws(EstimatorError) {
    if self == .boxCox, x.count > 0, x.min().item() <= 0 {
      throw .input(
        "x", of: PowerTransformer.name, expected: "positive numbers (yeoJohnson takes all)", found: "\(x.min().item())")
    }
  }

  fileprivate func changed(
    _ columns: [[Double]], _ exponents: [Double],
    _ change: @escaping @Sendable (PowerTransformer.Method, Double, Double) -> Double
  ) -> [[Double]] {
    ParallelMap.map(count: columns.count, threads: Runtime.threads) { column in
      columns[column].map { change(self, $0, exponents[column]) }
    }
  }

  /// (e^(λl) − 1)/λ, which is l for λ = 0.
  private func power(_ l: Double, _ lambda: Double) -> Double { abs(lambda) < 1e-12 ? l : expm1(lambda * l) / lambda }
  /// Its inverse.
  private func logarithm(_ y: Double, _ lambda: Double) -> Double {
    abs(lambda) < 1e-12 ? y : log1p(lambda * y) / lambda
  }

  fileprivate func value(of x: Double, _ lambda: Double) -> Double {
    switch self {
    case .boxCox: power(log(x), lambda)
    case .yeoJohnson: x >= 0 ? power(log1p(x), lambda) : -power(log1p(-x), 2 - lambda)
    }
  }

  fileprivate func argument(of y: Double, _ lambda: Double) -> Double {
    switch self {
    case .boxCox: exp(logarithm(y, lambda))
    case .yeoJohnson: y >= 0 ? expm1(logarithm(y, lambda)) : -expm1(logarithm(-y, 2 - lambda))
    }
  }

  /// The λ of the largest −n/2·ln σ²(y) + (λ − 1)·Σ ln y′, y′ being the derivative for λ = 2: x, or (1 + |x|)^±1.
  fileprivate func likeliestExponent(_ x: [Double]) -> Double {
    if let first = x.first, x.allSatisfy({ $0 == first }) { return 1 }
    let count = Double(x.count)
    let slopes = x.reduce(0) { $0 + (self == .boxCox ? log($1) : $1 < 0 ? -log1p(-$1) : log1p($1)) }
    func loss(_ lambda: Double) -> Double {
      let y = x.map { value(of: $0, lambda) }
      let mean = y.reduce(0, +) / count
      let variance = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      return variance > 0 && variance.isFinite ? count / 2 * log(variance) - (lambda - 1) * slopes : .infinity
    }
    // Where the best is at an end, it lies further out.
    var end = 2.0
    while end < 64 {
      let best = LineMinimum.find(from: -end, to: end, loss)
      if abs(best) < end * 0.999 { return best }
      end *= 2
    }
    return LineMinimum.find(from: -end, to: end, loss)
  }
}
