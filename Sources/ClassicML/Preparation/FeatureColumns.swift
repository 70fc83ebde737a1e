import TensorCore

// Matrices feature by feature.
extension Tensor {
  /// The columns of a matrix, as float64.
  func columnArrays() -> [[Double]] {
    let (rows, width) = (shape[0], shape[1])
    return transposed().withUnsafeBuffer(of: Double.self) { all in
      (0..<width).map { Array(all[$0 * rows..<($0 + 1) * rows]) }
    }
  }

  /// The matrix of these columns.
  init(columns: [[Double]], dtype: DType) {
    let rows = columns.first?.count ?? 0
    let turned = Tensor(columns.flatMap(\.self), shape: [columns.count, rows], dtype: .float64)
    self = turned.transposed().contiguous().cast(to: dtype)
  }

  /// The columns at these positions, in this order.
  func columns(_ indices: [Int]) -> Tensor {
    indexSelected(axis: 1, indices: Tensor(indices, shape: [indices.count]))
  }

  /// 1 in place of what is too small to divide by: the scale of a feature that does not vary.
  func nonzeroScale() -> Tensor { maskedFilled(self .< 10 * Double.ulpOfOne, with: 1) }
}
