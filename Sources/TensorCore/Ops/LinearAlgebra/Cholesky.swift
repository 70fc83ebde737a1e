import CLAPACK

extension Tensor {
  /// The Cholesky factor L of A = L·Lᵀ, lower triangular with a positive diagonal. [..., n, n] → [..., n, n].
  ///
  /// A is symmetric and positive definite; only its lower triangle is read. The gradient is that of a symmetric A, half
  /// on each side of the diagonal. Throws `notPositiveDefinite`. Golub & Van Loan, "Matrix Computations", 2013, 4.2;
  /// gradient: Murray, "Differentiation of the Cholesky decomposition", 2016.
  ///
  /// ```swift
  /// try Tensor([[4.0, 2.0], [2.0, 5.0]]).cholesky()  // → [[2.0, 0.0], [1.0, 2.0]]
  /// ```
  public func cholesky() throws(LinearAlgebraError) -> Tensor {
    if Autocast.isOn {
      return try Autocast.widening(self) { x throws(LinearAlgebraError) in try x.cholesky() }
    }
    LAPACK.requireSquare("cholesky", self)
    let l = Tensor.copying(self, to: dtype)
    var info = LAPACK.info(l)
    gb_cholesky(LAPACK.matrices(l), l.pointer, &info)
    try LAPACK.check(info, "cholesky", self) { .notPositiveDefinite(minor: $0) }
    guard Tape.records(self) else { return l }
    // Φ takes the lower triangle and halves the diagonal: S = L⁻ᵀ·Φ(Lᵀ·g)·L⁻¹, and the gradient is its symmetric part.
    return l.recorded("cholesky", from: self) { g, l in
      let product = l.transposed().matmul(g)
      let phi = (product.lowerTriangle() + product.lowerTriangle(-1)) * 0.5
      let left = TriangularSystem.solve(l, phi, upper: false, transposed: true)
      let s = TriangularSystem.solve(l, left.transposed(), upper: false, transposed: true)
      return (s + s.transposed()) * 0.5
    }
  }
}

extension Op {
  static let cholesky = Op(
    "cholesky", "A = L·Lᵀ",
    samples: [
      .succeeding("one", [.uniform([3, 3])]) { try definite($0[0]).cholesky() },
      .succeeding("batch", [.uniform([2, 2, 3, 3], -1...1)]) { try definite($0[0]).cholesky() },
      .succeeding("one by one", [.uniform([1, 1])]) { try definite($0[0]).cholesky() },
      .succeeding("no matrices", [.uniform([0, 3, 3])]) { try definite($0[0]).cholesky() },
    ],
    misuses: squareMisuses("cholesky") { _ = try? $0.cholesky() })
}
