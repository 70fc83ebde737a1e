import CLAPACK

extension Tensor {
  /// The reduced QR decomposition A = Q·R by Householder reflections: Q has orthonormal columns, R is upper triangular.
  /// A [..., m, n] gives Q [..., m, k] and R [..., k, n], k = min(m, n). The signs of R's diagonal are LAPACK's.
  ///
  /// The first k columns of A have to be linearly independent for a gradient; it is infinite or NaN where they are not.
  /// Golub & Van Loan, "Matrix Computations", 2013, 5.2; gradient: Walter & Lehmann, "Algorithmic differentiation of
  /// linear algebra functions with application in optimum experimental design", 2018.
  ///
  /// ```swift
  /// let (q, r) = Tensor([[3.0, 1.0], [4.0, 2.0]]).qr()
  /// matmul(q, r).shape  // → [2, 2]
  /// r.abs()[0]  // → [5.0, 2.2]
  /// ```
  public func qr() -> (q: Tensor, r: Tensor) {
    if Autocast.isOn { return Autocast.widening(self) { $0.qr() } }
    LAPACK.requireMatrices("qr", self)
    let (m, n) = (shape[-2], shape[-1])
    if m < n {
      // The first m columns decide Q; the others follow: A₂ = Q·(Qᵀ·A₂).
      let (q, left) = sliced(axis: rank - 1, from: 0, to: m).qr()
      let right = q.transposed().matmul(sliced(axis: rank - 1, from: m, to: n))
      return (q, Tensor.concatenated([left, right], axis: -1))
    }
    let q = Tensor.copying(self, to: dtype)
    let r = LAPACK.fresh(self, n, n)
    var info = LAPACK.info(self)
    gb_qr(LAPACK.matrices(q), q.pointer, r.pointer, &info)
    guard Tape.records(self) else { return (q, r) }
    // A node of the tape has one output, and the gradient needs both: they travel as one tensor, Q above R.
    let both = Tensor.concatenated([q, r], axis: -2).recorded("qr", from: self) { g, both in
      let (q, r) = both.cut(at: m)
      let (gradientQ, gradientR) = g.cut(at: m)
      let product = gradientR.matmul(r.transposed()) - q.transposed().matmul(gradientQ)
      let symmetric = product.upperTriangle() + product.upperTriangle(1).transposed()
      let sum = q.matmul(symmetric) + gradientQ
      return TriangularSystem.solve(r, sum.transposed(), upper: true, transposed: false).transposed()
    }
    let (recordedQ, recordedR) = both.cut(at: m)
    return (recordedQ, recordedR)
  }

  /// The rows above `row` and those from it on, of every matrix.
  func cut(at row: Int) -> (Tensor, Tensor) {
    (sliced(axis: rank - 2, from: 0, to: row), sliced(axis: rank - 2, from: row, to: shape[-2]))
  }
}

extension Op {
  // Signs are the library's choice: the samples show what does not depend on them.
  static let qr = Op(
    "qr", "A = Q·R",
    samples: [
      Sample("tall", [.uniform([4, 3])]) { signless(shifted($0[0])) },
      Sample("square", [.uniform([2, 3, 3])]) { signless(shifted($0[0], by: 2)) },
      Sample("wide", [.uniform([2, 4])]) { signless(shifted($0[0])) },
      Sample("no rows", [.uniform([0, 3])]) { signless($0[0]) },
      Sample("no matrices", [.uniform([0, 3, 2])]) { signless($0[0]) },
    ],
    misuses: matrixMisuses("qr") { _ = $0.qr() })

  private static func signless(_ a: Tensor) -> [Tensor] {
    let (q, r) = a.qr()
    return [q.square(), r.square(), TensorCore.matmul(q, r)]
  }
}
