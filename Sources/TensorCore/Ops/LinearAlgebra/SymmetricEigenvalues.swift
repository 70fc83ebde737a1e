import CLAPACK

extension Tensor {
  /// The eigenvalues, ascending, and orthonormal eigenvectors of symmetric matrices: A = V·diag(values)·Vᵀ, the i-th
  /// column of V belonging to the i-th value. [..., n, n] gives values [..., n] and vectors [..., n, n].
  ///
  /// Only the lower triangle is read. A vector is determined up to its sign (and, for equal eigenvalues, up to a
  /// rotation). The gradient through `vectors` exists where the eigenvalues differ, and is infinite or NaN elsewhere;
  /// that through `values` always exists. Throws `notFinite` and `notConverged`. Golub & Van Loan, "Matrix
  /// Computations", 2013, 8.3–8.4; gradient: Giles, "An extended collection of matrix derivative results", 2008, 3.1.
  ///
  /// ```swift
  /// let (values, vectors) = try Tensor([[2.0, 1.0], [1.0, 2.0]]).eigh()
  /// values  // → [1.0, 3.0]
  /// (vectors.square() * 2).round()  // → [[1.0, 1.0], [1.0, 1.0]]
  /// ```
  public func eigh() throws(LinearAlgebraError) -> (values: Tensor, vectors: Tensor) {
    if Autocast.isOn {
      return try Autocast.widening(self) { x throws(LinearAlgebraError) in try x.eigh() }
    }
    let (found, rows) = try symmetricDecomposition("eigh", vectors: true)
    let basis = rows.transposed()
    guard Tape.records(self) else { return (found, basis) }
    let values = found.recordedAsEigenvalues(of: self, basis)
    let vectors = basis.recorded("eigh", from: self) { g, v in
      let gaps = values.unsqueezed(-2) - values.unsqueezed(-1) + Tensor.eye(v.shape[-1], dtype: v.dtype)
      let turn = v.transposed().matmul(g)
      // The diagonal of VᵀdV is zero; what it leaves here, it leaves for non-symmetric changes of A only.
      let offDiagonal = turn.lowerTriangle(-1) + turn.upperTriangle(1)
      return v.matmul(offDiagonal / gaps).matmul(v.transposed())
    }
    return (values, vectors)
  }

  /// The eigenvalues of symmetric matrices alone, ascending: [..., n, n] → [..., n]. Faster than `eigh` where no
  /// gradient is asked for.
  ///
  /// Throws `notFinite` and `notConverged`.
  ///
  /// ```swift
  /// try Tensor([[2.0, 1.0], [1.0, 2.0]]).eigvalsh()  // → [1.0, 3.0]
  /// ```
  public func eigvalsh() throws(LinearAlgebraError) -> Tensor {
    if Autocast.isOn {
      return try Autocast.widening(self) { x throws(LinearAlgebraError) in try x.eigvalsh() }
    }
    let (values, rows) = try symmetricDecomposition("eigvalsh", vectors: Tape.records(self))
    return Tape.records(self) ? values.recordedAsEigenvalues(of: self, rows.transposed()) : values
  }

  /// Off the tape: the eigenvalues, and the eigenvectors in rows if asked for.
  private func symmetricDecomposition(_ op: String, vectors: Bool) throws(LinearAlgebraError) -> (Tensor, Tensor) {
    LAPACK.requireSquare(op, self)
    try LAPACK.requireFinite(op, self)
    let rows = Tensor.copying(self, to: dtype)
    let values = LAPACK.fresh(self, shape[-1])
    if values.count == 0 { return (values, rows) }
    var info = LAPACK.info(self)
    gb_eigh(LAPACK.matrices(rows), rows.pointer, values.pointer, vectors, &info)
    try LAPACK.check(info, op, self) { _ in .notConverged }
    return (values, rows)
  }

  /// ∂λᵢ/∂A = vᵢ·vᵢᵀ.
  private func recordedAsEigenvalues(of a: Tensor, _ basis: Tensor) -> Tensor {
    recorded("eigvalsh", from: a) { g in
      // The same matrix was decomposed before, so this one succeeds too.
      let v = (Tape.isRecording ? (try? a.eigh())?.vectors : nil) ?? basis
      return (v * g.unsqueezed(-2)).matmul(v.transposed())
    }
  }
}

extension Op {
  // Signs are the library's choice: the samples show what does not depend on them.
  static let eigh = Op(
    "eigh", "A = V·diag(λ)·Vᵀ",
    samples: [
      .succeeding("one", [.uniform([3, 3])]) { try signless($0[0]) },
      .succeeding("batch", [.uniform([2, 2, 2])]) { try signless($0[0]) },
      .succeeding("no rows", [.uniform([0, 0])]) { try signless($0[0]) },
      .succeeding("no matrices", [.uniform([0, 2, 2])]) { try signless($0[0]) },
    ],
    misuses: squareMisuses("eigh") { _ = try? $0.eigh() })

  private static func signless(_ x: Tensor) throws -> [Tensor] {
    let (values, vectors) = try (x + x.transposed()).eigh()
    return [
      values, vectors.square(), TensorCore.matmul(vectors * values.square().unsqueezed(-2), vectors.transposed()),
    ]
  }

  static let eigvalsh = Op(
    "eigvalsh", "λ with A = V·diag(λ)·Vᵀ",
    samples: [
      .succeeding("one", [.uniform([3, 3])]) { try ($0[0] + $0[0].transposed()).eigvalsh() },
      .succeeding("batch", [.uniform([2, 2, 2])]) { try ($0[0] + $0[0].transposed()).eigvalsh() },
      .succeeding("no matrices", [.uniform([0, 2, 2])]) { try ($0[0] + $0[0].transposed()).eigvalsh() },
    ],
    misuses: squareMisuses("eigvalsh") { _ = try? $0.eigvalsh() })
}
