import CLAPACK

extension Tensor {
  /// The determinant of square matrices by LU decomposition. [..., n, n] → [...]. Zero for singular matrices, whose
  /// gradient is the transposed adjugate. Over- and underflows early: see `logDeterminant`.
  ///
  /// ```swift
  /// Tensor([[2.0, 1.0], [1.0, 3.0]]).determinant().item(Float.self)  // → 5.0
  /// ```
  public func determinant() -> Tensor {
    if Autocast.isOn { return Autocast.widening(self) { $0.determinant() } }
    LAPACK.requireSquare("determinant", self)
    let (value, _, _) = determinants()
    // ∂det/∂A = det·A⁻ᵀ (Jacobi's formula).
    return value.recorded("determinant", from: self) { g, value in
      let (inverse, info) = inverted()
      let seed = g.unsqueezed(-1).unsqueezed(-1)
      if info.contains(where: { $0 != 0 }) { return seed * cofactors() }
      return seed * value.unsqueezed(-1).unsqueezed(-1) * inverse.transposed()
    }
  }

  /// The sign of the determinant, −1, 0 or 1, and the logarithm of its magnitude: det = sign·e^logMagnitude, which
  /// neither over- nor underflows. [..., n, n] → [...] each. Singular matrices have 0 and −∞, and a gradient of NaN.
  ///
  /// ```swift
  /// let (sign, logMagnitude) = Tensor([[0.0, 1.0], [1.0, 0.0]]).logDeterminant()
  /// sign  // → -1.0
  /// logMagnitude.item()  // → 0.0
  /// ```
  public func logDeterminant() -> (sign: Tensor, logMagnitude: Tensor) {
    if Autocast.isOn { return Autocast.widening(self) { $0.logDeterminant() } }
    LAPACK.requireSquare("logDeterminant", self)
    let (_, sign, logMagnitude) = determinants()
    guard Tape.records(self) else { return (sign, logMagnitude) }
    let step = sign.recorded("logDeterminant", from: self) { [shape, dtype] _ in Tensor.zeros(shape, dtype: dtype) }
    let logarithm = logMagnitude.recorded("logDeterminant", from: self) { g in
      g.unsqueezed(-1).unsqueezed(-1) * inverted().0.transposed()
    }
    return (step, logarithm)
  }

  /// Off the tape.
  private func determinants() -> (value: Tensor, sign: Tensor, logMagnitude: Tensor) {
    let scratch = Tensor.copying(self, to: dtype)
    let (value, sign, logMagnitude) = (LAPACK.fresh(self), LAPACK.fresh(self), LAPACK.fresh(self))
    gb_determinant(LAPACK.matrices(scratch), scratch.pointer, value.pointer, sign.pointer, logMagnitude.pointer)
    return (value, sign, logMagnitude)
  }

  /// The transposed adjugate, for singular matrices too: det(U)·det(V)·U·diag(Πⱼ≠ᵢ sⱼ)·Vᵀ. NaN where there is no
  /// decomposition.
  private func cofactors() -> Tensor {
    guard let (u, s, vt) = try? svd() else { return Tensor.full(shape, .nan, dtype: dtype) }
    let n = shape[-1]
    let values = (0..<n).map { s.sliced(axis: s.rank - 1, from: $0, to: $0 + 1) }
    let one = Tensor.ones(Shape(LAPACK.outer(self) + [1]), dtype: dtype)
    var (before, after) = ([one], [one])
    for index in 0..<(n - 1) {
      before.append(before[index] * values[index])
      after.append(after[index] * values[n - 1 - index])
    }
    let others = Tensor.concatenated((0..<n).map { before[$0] * after[n - 1 - $0] }, axis: -1)
    let orientation = u.detached().determinant() * vt.detached().determinant()
    return (u * (others * orientation.unsqueezed(-1)).unsqueezed(-2)).matmul(vt)
  }
}

extension Op {
  static let determinant = Op(
    "determinant", "det A",
    samples: [
      Sample("one", [.uniform([3, 3])]) { $0[0].determinant() },
      Sample("batch", [.uniform([2, 1, 2, 2])]) { $0[0].determinant() },
      Sample("no rows", [.uniform([2, 0, 0])]) { $0[0].determinant() },
      Sample("no matrices", [.uniform([0, 2, 2])]) { $0[0].determinant() },
    ],
    misuses: squareMisuses("determinant") { _ = $0.determinant() })
  static let logDeterminant = Op(
    "logDeterminant", "sign det A, ln |det A|",
    samples: [
      Sample("one", [.uniform([3, 3])]) { [$0[0].logDeterminant().sign, $0[0].logDeterminant().logMagnitude] },
      Sample("batch", [.uniform([2, 1, 2, 2])]) { $0[0].logDeterminant().logMagnitude },
      Sample("no rows", [.uniform([2, 0, 0])]) { $0[0].logDeterminant().logMagnitude },
      Sample("no matrices", [.uniform([0, 2, 2])]) { $0[0].logDeterminant().logMagnitude },
    ],
    misuses: squareMisuses("logDeterminant") { _ = $0.logDeterminant() })
}
