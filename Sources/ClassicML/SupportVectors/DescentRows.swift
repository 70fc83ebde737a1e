import TensorCore

/// Samples as ``DualCoordinateDescent`` reads them: one row at a time, thousands of times.
enum DescentRows: Sendable {
  case single([Float], width: Int)
  case double([Double], width: Int)
  /// A dense matrix is taken for a sparse one where at most a quarter of its elements is not zero: going over those
  /// alone is faster.
  ///
  /// Its columns stand in the order of how often they are filled, so that most of the weights that a product reads are
  /// in the first-level cache: column i is feature `features[i]`.
  case sparse(SparseMatrix, features: [Int])

  init(_ x: any FeatureMatrix, for estimator: String) throws(EstimatorError) {
    if let sparse = x as? SparseMatrix {
      self = .ordered(try sparse.checked(for: estimator, minimumRows: 1))
      return
    }
    let x = try x.dense(for: estimator)
    let filled = (x .!= 0).cast(to: .float32).mean().item()
    if filled <= 0.25 {
      self = .ordered(SparseMatrix(x))
    } else if x.dtype == .float32 {
      self = .single(x.scalars(as: Float.self), width: x.shape[1])
    } else {
      self = .double(x.scalars(as: Double.self), width: x.shape[1])
    }
  }

  private static func ordered(_ x: SparseMatrix) -> DescentRows {
    var counts = [Int](repeating: 0, count: x.columnCount)
    for column in x.columns { counts[Int(column)] += 1 }
    let features = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
    var columns = [Int32](repeating: 0, count: x.columnCount)
    for (column, feature) in features.enumerated() { columns[feature] = Int32(column) }
    // Rows' columns do not ascend any more, which products do not mind.
    let matrix = SparseMatrix(trusted: x.starts, x.columns.map { columns[Int($0)] }, x.values, x.columnCount)
    return .sparse(matrix, features: features)
  }
}
