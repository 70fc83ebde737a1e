import TensorCore

/// Splits a matrix into one of low rank and a sparse one, M = L + S, where few but arbitrarily large elements are wrong: principal component pursuit,
/// min ‖L‖* + λ‖S‖₁, by augmented Lagrangian steps (Candès, Li, Ma & Wright, "Robust principal component analysis?", 2011, algorithm 1). It recovers both
/// exactly while the rank and the share of wrong elements are small enough.
///
/// ```swift
/// let low = outer(Tensor.linspace(1, 2, count: 20, dtype: .float64), Tensor.linspace(1, 3, count: 20, dtype: .float64))
/// var spoilt = low
/// spoilt[3, 4] = Tensor(50.0, dtype: .float64)
/// let parts = try RobustPCA().decompose(spoilt)
/// parts.rank  // → 1
/// (parts.lowRank - low).abs().max().item() < 1e-4  // → true
/// ```
public struct RobustPCA: Sendable, Hashable, Codable {
  /// λ; nil: 1/√max(m, n), which the theorem of exact recovery asks for.
  public var sparsity: Double?
  /// It ends when ‖M − L − S‖ ≤ tolerance·‖M‖.
  public var tolerance: Double
  public var maximumIterations: Int

  public init(sparsity: Double? = nil, tolerance: Double = 1e-7, maximumIterations: Int = 1000) {
    (self.sparsity, self.tolerance, self.maximumIterations) = (sparsity, tolerance, maximumIterations)
  }

  /// The two parts of a matrix [m, n].
  public struct Decomposition: Sendable {
    public let lowRank: Tensor
    public let sparse: Tensor
    /// Of ``lowRank``.
    public let rank: Int
    public let iterations: Int
    public let hasConverged: Bool
  }

  /// - Parameter m: A matrix of finite numbers.
  public func decompose(_ m: Tensor) throws(EstimatorError) -> Decomposition {
    guard sparsity.map({ $0 > 0 && $0.isFinite }) ?? true, tolerance > 0, maximumIterations > 0 else {
      throw .hyperparameter(
        "sparsity, tolerance, maximumIterations", of: "RobustPCA", expected: "positive numbers", found: "\(self)")
    }
    let m = try m.dense(for: "RobustPCA")
    let size = m.abs().sum().item()
    var (low, sparse, multiplier) = (Tensor.zeros(like: m), Tensor.zeros(like: m), Tensor.zeros(like: m))
    if size == 0 { return Decomposition(lowRank: low, sparse: sparse, rank: 0, iterations: 0, hasConverged: true) }
    let lambda = sparsity ?? 1 / Double(Swift.max(m.shape[0], m.shape[1])).squareRoot()
    let mu = Double(m.count) / (4 * size)
    let norm = m.square().sum().sqrt().item()
    var rank = 0
    for iteration in 1...maximumIterations {
      do {
        let (u, s, vt) = try (m - sparse + multiplier / mu).svd()
        let shrunk = (s - 1 / mu).relu()
        rank = (shrunk .> 0).sum().item(Int.self)
        low = matmul(u * shrunk, vt)
      } catch {
        throw .numerical(of: "RobustPCA", finding: "\(error)", fix: "scale the matrix")
      }
      sparse = (m - low + multiplier / mu).softShrink(lambda / mu)
      let rest = m - low - sparse
      multiplier = multiplier + rest * mu
      if rest.square().sum().sqrt().item() <= tolerance * norm {
        return Decomposition(lowRank: low, sparse: sparse, rank: rank, iterations: iteration, hasConverged: true)
      }
    }
    return Decomposition(
      lowRank: low, sparse: sparse, rank: rank, iterations: maximumIterations, hasConverged: false)
  }
}
