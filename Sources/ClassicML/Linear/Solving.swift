import TensorCore

extension Estimator {
  /// What a computation with matrices gives; its error, or that it gives nothing, becomes the estimator's.
  static func solving<Result>(
    fix: String, _ body: () throws(LinearAlgebraError) -> Result?
  ) throws(EstimatorError) -> Result {
    do {
      if let result = try body() { return result }
    } catch {
      throw .numerical(of: name, finding: "\(error)", fix: fix)
    }
    throw .numerical(of: name, finding: "features depend on each other", fix: fix)
  }
}

/// X with L·Lᵀ·X = B, [n, columns], of a Cholesky factor L.
func choleskySolve(_ l: Tensor, _ b: Tensor) throws(LinearAlgebraError) -> Tensor {
  try triangularSolve(l.transposed(0, 1), try triangularSolve(l, b), upper: true)
}

/// Whether there is no more than rounding somewhere on a triangle's diagonal: features that depend on each other leave
/// that, and their weights would be anything. Of a product's factor, the root of rounding.
func hasDependence(_ triangle: Tensor, isRoot: Bool = false) -> Bool {
  let diagonal = triangle.diagonal().abs()
  let rounding = Double(16 * diagonal.count) * (triangle.dtype == .float32 ? 1.2e-7 : 2.2e-16)
  return diagonal.min().item() <= (isRoot ? rounding.squareRoot() : rounding) * diagonal.max().item()
}
