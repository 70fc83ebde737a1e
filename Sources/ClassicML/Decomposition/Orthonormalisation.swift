import TensorCore

extension Tensor {
  /// Orthonormal columns that span the same space, [m, n] → [m, n] of a tall matrix: R⁻¹ from the Cholesky factor of AᵀA, twice, so that what the first
  /// pass loses to rounding is mended by the second (Fukaya et al., "CholeskyQR2", 2014). Matrix products do the work. Where columns nearly
  /// depend on each other, by Householder reflections.
  func orthonormalColumns() -> Tensor {
    if let once = choleskyOrthonormalised(), let twice = once.choleskyOrthonormalised() { return twice }
    return qr().q
  }

  /// Columns of the same space that are nearly orthonormal: enough to keep the powers of a matrix apart.
  func balancedColumns() -> Tensor { choleskyOrthonormalised() ?? qr().q }

  /// A·R⁻¹ with RᵀR = AᵀA; nil where AᵀA is not positive definite by rounding.
  private func choleskyOrthonormalised() -> Tensor? {
    guard shape[0] >= shape[1], let l = try? transposed().matmul(self).cholesky(),
      let inverse = try? triangularSolve(l, Tensor.eye(shape[1], dtype: dtype)),
      // Twice the digits that a condition number costs must be left.
      l.diagonal().min().item() > (dtype == .float32 ? 1e-3 : 1e-6) * l.diagonal().max().item()
    else { return nil }
    return matmul(inverse.transposed())
  }

  /// XᵀX [n, n] of [m, n]: blocks above the diagonal are computed, those below it copied.
  func gram() -> Tensor {
    let (rows, width) = (shape[0], shape[1])
    if width < 128 || rows < 64 { return transposed().matmul(self) }
    let size = Swift.max(64, (width + 7) / 8)
    var result = Tensor.zeros([width, width], dtype: dtype)
    for from in stride(from: 0, to: width, by: size) {
      let to = Swift.min(from + size, width)
      let block = self[.all, from..<to].transposed().matmul(self[.all, from...])
      result[from..<to, from...] = block
      if to < width { result[to..., from..<to] = block[.all, (to - from)...].transposed() }
    }
    return result
  }

  /// 1 or −1 for each row, so that its element of the largest magnitude becomes positive: singular vectors and eigenvectors are determined up to their
  /// sign, and this rule gives every method the same one.
  func rowSigns() -> Tensor {
    let places = abs().argmax(axis: 1, keepingDimensions: true)
    return Tensor.where(
      gathered(axis: 1, indices: places) .< 0, Tensor(-1.0, dtype: dtype), Tensor(1.0, dtype: dtype)
    ).squeezed(1)
  }
}
