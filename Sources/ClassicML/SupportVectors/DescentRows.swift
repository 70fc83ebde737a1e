import TensorCore

/// Samples as ``DualCoordinateDescent`` reads them: one row at a time, thousands of times.
enum DescentRows: Sendable {
  case single([Float], width: Int)
  case double([Double], width: Int)
  /// A dense matrix is taken for a sparse one where at most a quarter of its elements is not zero: going over those
  /// alone is faster.
  case sparse(SparseMatrix)

  init(_ x: any FeatureMatrix, for estimator: String) throws(EstimatorError) {
    if let sparse = x as? SparseMatrix {
      self = .sparse(try sparse.checked(for: estimator, minimumRows: 1))
      return
    }
    let x = try x.dense(for: estimator)
    let filled = (x .!= 0).cast(to: .float32).mean().item()
    if filled <= 0.25 {
      self = .sparse(SparseMatrix(x))
    } else if x.dtype == .float32 {
      self = .single(x.scalars(as: Float.self), width: x.shape[1])
    } else {
      self = .double(x.scalars(as: Double.self), width: x.shape[1])
    }
  }
}
