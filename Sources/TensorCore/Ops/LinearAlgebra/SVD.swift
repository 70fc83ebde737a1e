import CLAPACK

extension Tensor {
  /// The reduced singular value decomposition A = U·diag(s)·Vᵀ: s ≥ 0 in descending order, the columns of U and V
  /// orthonormal. A [..., m, n] gives u [..., m, k], s [..., k] and vt = Vᵀ [..., k, n], k = min(m, n).
  ///
  /// Each pair of singular vectors is determined up to its sign (and, for equal singular values, up to a rotation). The
  /// gradient through `u` and `vt` exists where the singular values differ, and for m ≠ n where none is zero; elsewhere
  /// it is infinite or NaN. That through `s` always exists. Throws `notFinite` and `notConverged`. Golub & Van Loan,
  /// "Matrix Computations", 2013, 8.6; gradient: Townsend, "Differentiating the singular value decomposition", 2016.
  ///
  /// ```swift
  /// let (u, s, vt) = try Tensor([[0.0, 2.0], [3.0, 0.0]]).svd()
  /// s  // → [3.0, 2.0]
  /// matmul(u * s, vt)  // → [[0.0, 2.0], [3.0, 0.0]]
  /// ```
  public func svd() throws(LinearAlgebraError) -> (u: Tensor, s: Tensor, vt: Tensor) {
    if Autocast.isOn {
      return try Autocast.widening(self) { x throws(LinearAlgebraError) in try x.svd() }
    }
    LAPACK.requireMatrices("svd", self)
    let (m, n) = (shape[-2], shape[-1])
    let (u, values, vt) = try SingularValues.decomposition(of: self)
    guard Tape.records(self) else { return (u, values, vt) }
    let s = SingularValues.recorded(values, of: self, u, vt)
    // A node of the tape has one output, and the gradient needs both: they travel as one tensor, U above V. The singular values
    // have a node of their own, since their gradient needs no differences of them, which may be zero.
    let both = Tensor.concatenated([u, vt.transposed()], axis: -2).recorded("svd", from: self) { g, both in
      let (u, v) = both.cut(at: m)
      let (gradientU, gradientV) = g.cut(at: m)
      let (row, column) = (s.unsqueezed(-2), s.unsqueezed(-1))
      let k = s.shape[-1]
      let gaps = row.square() - column.square() + Tensor.eye(k, dtype: s.dtype)
      let (turnU, turnV) = (u.transposed().matmul(gradientU), v.transposed().matmul(gradientV))
      let core = (turnU - turnU.transposed()) / gaps * row + column * ((turnV - turnV.transposed()) / gaps)
      var result = u.matmul(core).matmul(v.transposed())
      if m > k { result = result + ((gradientU - u.matmul(turnU)) / row).matmul(v.transposed()) }
      if n > k { result = result + (u / row).matmul((gradientV - v.matmul(turnV)).transposed()) }
      return result
    }
    let (recordedU, recordedV) = both.cut(at: m)
    return (recordedU, s, recordedV.transposed())
  }

  /// The singular values alone, in descending order: [..., m, n] → [..., min(m, n)]. Faster than `svd` where no
  /// gradient is asked for.
  ///
  /// Throws `notFinite` and `notConverged`.
  ///
  /// ```swift
  /// try Tensor([[0.0, 2.0], [3.0, 0.0]]).singularValues()  // → [3.0, 2.0]
  /// ```
  public func singularValues() throws(LinearAlgebraError) -> Tensor {
    if Autocast.isOn {
      return try Autocast.widening(self) { x throws(LinearAlgebraError) in try x.singularValues() }
    }
    LAPACK.requireMatrices("singularValues", self)
    if !Tape.records(self) { return try SingularValues.alone(of: self) }
    let (u, s, vt) = try SingularValues.decomposition(of: self)
    return SingularValues.recorded(s, of: self, u, vt)
  }
}

/// The way from tensors to LAPACK's singular value decomposition.
private enum SingularValues {
  static func decomposition(of a: Tensor) throws(LinearAlgebraError) -> (u: Tensor, s: Tensor, vt: Tensor) {
    let (m, n) = (a.shape[-2], a.shape[-1])
    let k = Swift.min(m, n)
    try LAPACK.requireFinite("svd", a)
    let (u, s, vt) = (LAPACK.fresh(a, m, k), LAPACK.fresh(a, k), LAPACK.fresh(a, k, n))
    if k == 0 { return (u, s, vt) }
    let scratch = Tensor.copying(a, to: a.dtype)
    var info = LAPACK.info(a)
    gb_svd(LAPACK.matrices(scratch), scratch.pointer, u.pointer, s.pointer, vt.pointer, &info)
    try LAPACK.check(info, "svd", a) { _ in .notConverged }
    return (u, s, vt)
  }

  static func alone(of a: Tensor) throws(LinearAlgebraError) -> Tensor {
    try LAPACK.requireFinite("singularValues", a)
    let s = LAPACK.fresh(a, Swift.min(a.shape[-2], a.shape[-1]))
    if s.count == 0 { return s }
    let scratch = Tensor.copying(a, to: a.dtype)
    var info = LAPACK.info(a)
    gb_svd(LAPACK.matrices(scratch), scratch.pointer, nil, s.pointer, nil, &info)
    try LAPACK.check(info, "singularValues", a) { _ in .notConverged }
    return s
  }

  /// ∂sᵢ/∂A = uᵢ·vᵢᵀ.
  static func recorded(_ s: Tensor, of a: Tensor, _ u: Tensor, _ vt: Tensor) -> Tensor {
    s.recorded("singularValues", from: a) { g in
      // The same matrix was decomposed before, so this one succeeds too.
      let vectors = Tape.isRecording ? (try? a.svd()).map { ($0.u, $0.vt) } : nil
      let (u, vt) = vectors ?? (u, vt)
      return (u * g.unsqueezed(-2)).matmul(vt)
    }
  }
}

extension Op {
  // Signs are the library's choice: the samples show what does not depend on them.
  static let svd = Op(
    "svd", "A = U·diag(s)·Vᵀ",
    samples: [
      .succeeding("square", [.uniform([3, 3])]) { try signless($0[0]) },
      .succeeding("tall batch", [.uniform([2, 4, 2])]) { try signless($0[0]) },
      .succeeding("wide", [.uniform([2, 3])]) { try signless($0[0]) },
      .succeeding("no rows", [.uniform([0, 3])]) { try signless($0[0]) },
      .succeeding("no matrices", [.uniform([0, 3, 2])]) { try signless($0[0]) },
    ],
    misuses: matrixMisuses("svd") { _ = try? $0.svd() })

  private static func signless(_ a: Tensor) throws -> [Tensor] {
    let (u, s, vt) = try a.svd()
    return [u.square(), s, vt.square(), TensorCore.matmul(u * s.square().unsqueezed(-2), vt)]
  }

  static let singularValues = Op(
    "singularValues", "s with A = U·diag(s)·Vᵀ",
    samples: [
      .succeeding("tall", [.uniform([4, 3])]) { try $0[0].singularValues() },
      .succeeding("batch", [.uniform([2, 2, 3])]) { try $0[0].singularValues() },
      .succeeding("empty", [.uniform([2, 0])]) { try $0[0].singularValues() },
    ],
    misuses: matrixMisuses("singularValues") { _ = try? $0.singularValues() })
}
