import TensorCore

// Sums, norms and scaling by rows and columns, over the elements that are held.
extension SparseMatrix {
  /// Σⱼ aᵢⱼ, float64 [rows].
  ///
  /// ```swift
  /// let matrix = SparseMatrix(rows: [[2: 3.0], [0: 1.0, 2: 4.0]], columnCount: 3)
  /// matrix.rowSums()  // → [3.0, 5.0]
  /// matrix.columnSums()  // → [1.0, 0.0, 7.0]
  /// matrix.rowNorms(.l2)  // ≈ [3.0, 4.1231]
  /// matrix.scaledRows(by: [1, 10]).dense()  // → [[0.0, 0.0, 3.0], [10.0, 0.0, 40.0]]
  /// ```
  public func rowSums() -> Tensor { folded(0, +) }

  /// Each row's length.
  public func rowNorms(_ norm: RowNorm = .l2) -> Tensor {
    switch norm {
    case .l1: folded(0) { $0 + abs($1) }
    case .l2: folded(0) { $0 + $1 * $1 }.sqrt()
    case .max: folded(0) { Swift.max($0, abs($1)) }
    }
  }

  /// Σᵢ aᵢⱼ, float64 [columns].
  public func columnSums() -> Tensor {
    var sums = [Double](repeating: 0, count: columnCount)
    withElements { _, columns, values in
      for place in values.indices { sums[Int(columns[place])] += values[place] }
    }
    return Tensor(sums, shape: [columnCount], dtype: .float64)
  }

  /// The mean and the variance (over n) of each column, zeros included: float64 [columns].
  public func columnMoments() -> (mean: Tensor, variance: Tensor) {
    let mean = columnSums() / Double(rowCount)
    var deviations = [Double](repeating: 0, count: columnCount)
    var held = [Int](repeating: 0, count: columnCount)
    let means = mean.scalars(as: Double.self)
    withElements { _, columns, values in
      for place in values.indices {
        let column = Int(columns[place])
        let gap = values[place] - means[column]
        deviations[column] += gap * gap
        held[column] += 1
      }
    }
    for column in 0..<columnCount {
      deviations[column] += Double(rowCount - held[column]) * means[column] * means[column]
    }
    return (mean, Tensor(deviations, shape: [columnCount], dtype: .float64) / Double(rowCount))
  }

  /// Each row times its factor. Stops unless there is a factor for each.
  public func scaledRows(by factors: [Double]) -> SparseMatrix {
    guard factors.count == rowCount else {
      stop("SparseMatrix.scaledRows", "\(factors.count) factors for \(rowCount) rows", fix: "pass one for each row")
    }
    var scaled = values
    for row in 0..<rowCount {
      for place in starts[row]..<starts[row + 1] { scaled[place] *= factors[row] }
    }
    return SparseMatrix(trusted: starts, columns, scaled, columnCount)
  }

  /// Each column times its factor. Stops unless there is a factor for each.
  public func scaledColumns(by factors: [Double]) -> SparseMatrix {
    guard factors.count == columnCount else {
      stop(
        "SparseMatrix.scaledColumns", "\(factors.count) factors for \(columnCount) columns",
        fix: "pass one for each column")
    }
    var scaled = values
    for place in scaled.indices { scaled[place] *= factors[Int(columns[place])] }
    return SparseMatrix(trusted: starts, columns, scaled, columnCount)
  }

  private func folded(_ start: Double, _ next: (Double, Double) -> Double) -> Tensor {
    var results = [Double](repeating: start, count: rowCount)
    withElements { starts, _, values in
      for row in 0..<rowCount {
        for place in starts[row]..<starts[row + 1] { results[row] = next(results[row], values[place]) }
      }
    }
    return Tensor(results, shape: [rowCount], dtype: .float64)
  }
}
