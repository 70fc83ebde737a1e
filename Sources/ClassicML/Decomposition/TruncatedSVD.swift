import TensorCore

/// The leading singular vectors of samples that are not centred, and their coordinates x·Vᵀ: what principal components are to dense matrices, for sparse
/// ones. Of texts' term weights it is latent semantic analysis (Deerwester et al., "Indexing by latent semantic analysis", 1990).
///
/// ```swift
/// let words = SparseMatrix(rows: [[0: 2.0, 1: 2.0], [0: 1.0, 1: 1.0], [2: 1.0]], columnCount: 3)
/// let svd = try TruncatedSVD(components: 1).fit(words)
/// svd.components  // ≈ [[0.7071, 0.7071, 0]]
/// try svd.transform(words)  // ≈ [[2.8284], [1.4142], [0]]
/// ```
public struct TruncatedSVD: Transformer {
  public enum Solver: Sendable, Hashable, Codable {
    /// Halko, Martinsson & Tropp (2011).
    case randomized(iterations: Int = 5, oversamples: Int = 10)
    /// All singular values are computed, of a dense matrix: for small ones.
    case exact
  }

  public var components: Int
  public var solver: Solver
  public var seed: UInt64

  public init(components: Int = 2, solver: Solver = .randomized(), seed: UInt64 = 0) {
    (self.components, self.solver, self.seed) = (components, solver, seed)
  }

  public struct Fitted: InvertibleTransformer {
    /// V, [components, features]: orthonormal rows, signed as principal components are.
    public let components: Tensor
    /// [components], descending.
    public let singularValues: Tensor
    /// The variance (over n) of the samples' coordinates, [components]; not sorted, as they are not centred.
    public let explainedVariance: Tensor
    /// The same as a share of the features' variance.
    public let explainedVarianceRatio: Tensor

    /// x·Vᵀ, [samples, components].
    public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let width = components.shape[1]
      if let sparse = x as? SparseMatrix {
        return try sparse.checked(for: TruncatedSVD.name, width: width).product(components.transposed())
      }
      let x = try x.dense(for: TruncatedSVD.name, width: width)
      return matmul(x, components.cast(to: x.dtype).transposed())
    }

    /// z·V, [samples, features].
    public func inverseTransform(_ y: Tensor) throws(EstimatorError) -> Tensor {
      let y = try y.dense(for: TruncatedSVD.name, width: components.shape[0])
      return matmul(y, components.cast(to: y.dtype))
    }
  }

  public func fit(_ x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
    let matrix: ProductMatrix
    if let sparse = x as? SparseMatrix {
      matrix = .sparse(try sparse.checked(for: Self.name))
    } else {
      matrix = .dense(try x.dense(for: Self.name), mean: nil)
    }
    let largest = Swift.min(matrix.rowCount, matrix.columnCount)
    try require(\.components, "1 to \(largest), the fewer of samples and features") { (1...largest).contains($0) }
    if case .randomized(let iterations, let oversamples) = solver, iterations < 0 || oversamples < 0 {
      throw .hyperparameter(
        "solver", of: Self.name, expected: "0 or more iterations and oversamples", found: "\(solver)")
    }
    let (vt, s): (Tensor, Tensor)
    do {
      (vt, s) = try decomposed(matrix)
    } catch {
      throw .numerical(of: Self.name, finding: "\(error)", fix: "scale the features")
    }
    let variance = matrix.product(vt.transposed()).variance(axis: 0, correction: 0)
    let total = matrix.totalVariance
    return Fitted(
      components: vt, singularValues: s, explainedVariance: variance,
      explainedVarianceRatio: total > 0 ? variance / total : Tensor.zeros(like: variance))
  }

  private func decomposed(_ matrix: ProductMatrix) throws(LinearAlgebraError) -> (Tensor, Tensor) {
    switch solver {
    case .randomized(let iterations, let oversamples):
      let method = RandomizedSVD(oversamples: oversamples, iterations: iterations, seed: seed)
      let (_, s, vt) = try method.decompose(matrix, components: components)
      return (vt.contiguous(), s)
    case .exact:
      let (_, s, vt) = try matrix.dense.svd()
      let kept = vt[0..<components]
      return (kept * kept.rowSigns().unsqueezed(1), s[0..<components].contiguous())
    }
  }
}

extension ProductMatrix {
  fileprivate var dense: Tensor {
    switch self {
    case .dense(let x, nil): x
    case .dense(let x, let mean?): x - mean
    case .sparse(let x): x.dense()
    }
  }

  /// Σ of the features' variances over n.
  fileprivate var totalVariance: Double {
    switch self {
    case .dense(let x, _): x.variance(axis: 0, correction: 0).sum().item()
    case .sparse(let x): x.columnMoments().variance.sum().item()
    }
  }
}

extension TruncatedSVD.Fitted {
  public init(from decoder: any Decoder) throws {
    let parts = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      components: try parts.value(.components), singularValues: try parts.value(.singularValues),
      explainedVariance: try parts.value(.explainedVariance),
      explainedVarianceRatio: try parts.value(.explainedVarianceRatio))
    try decoder.require(components.rank == 2, "a matrix of components")
  }
}
