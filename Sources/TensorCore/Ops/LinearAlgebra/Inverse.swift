import CLAPACK

extension Tensor {
  /// The inverse of square matrices: A⁻¹·A = I. [..., n, n] → [..., n, n]. To solve equations, `solve` is faster and
  /// more exact.
  ///
  /// Throws `singular`.
  ///
  /// ```swift
  /// try Tensor([[2.0, 1.0], [1.0, 1.0]]).inverse()  // → [[1.0, -1.0], [-1.0, 2.0]]
  /// ```
  public func inverse() throws(LinearAlgebraError) -> Tensor {
    if Autocast.isOn {
      return try Autocast.widening(self) { x throws(LinearAlgebraError) in try x.inverse() }
    }
    LAPACK.requireSquare("inverse", self)
    let (y, info) = inverted()
    try LAPACK.check(info, "inverse", self) { .singular(pivot: $0) }
    return y
  }

  /// The inverse, NaN for singular matrices, and what LAPACK says of each. Recorded.
  func inverted() -> (Tensor, info: [Int32]) {
    let y = Tensor.copying(self, to: dtype)
    var info = LAPACK.info(y)
    gb_inverse(LAPACK.matrices(y), y.pointer, &info)
    guard Tape.records(self) else { return (y, info) }
    // d(A⁻¹) = −A⁻¹·dA·A⁻¹.
    let recorded = y.recorded("inverse", from: self) { g, y in
      let transposed = y.transposed()
      return -transposed.matmul(g).matmul(transposed)
    }
    return (recorded, info)
  }

  /// A whole power of square matrices by repeated squaring; a negative one of the inverse; power 0 is the identity.
  /// [..., n, n] → [..., n, n]. Throws `singular` for a negative power of a singular matrix.
  ///
  /// ```swift
  /// try Tensor([[1.0, 1.0], [0.0, 1.0]]).matrixPower(5)  // → [[1.0, 5.0], [0.0, 1.0]]
  /// ```
  public func matrixPower(_ exponent: Int) throws(LinearAlgebraError) -> Tensor {
    if Autocast.isOn {
      return try Autocast.widening(self) { x throws(LinearAlgebraError) in try x.matrixPower(exponent) }
    }
    LAPACK.requireSquare("matrixPower", self)
    if exponent == 0 { return self * 0.0 + Tensor.eye(shape[-1], dtype: dtype) }
    var square = self
    if exponent < 0 {
      let (inverse, info) = inverted()
      try LAPACK.check(info, "matrixPower", self) { .singular(pivot: $0) }
      square = inverse
    }
    var result: Tensor?
    var rest = exponent.magnitude
    while true {
      if rest % 2 == 1 { result = result.map { $0.matmul(square) } ?? square }
      rest /= 2
      if rest == 0 { return result ?? square }
      square = square.matmul(square)
    }
  }
}

extension Op {
  static let inverse = Op(
    "inverse", "A⁻¹·A = I",
    samples: [
      .succeeding("one", [.uniform([3, 3])]) { try shifted($0[0]).inverse() },
      .succeeding("batch", [.uniform([2, 1, 3, 3])]) { try shifted($0[0]).inverse() },
      .succeeding("no rows", [.uniform([2, 0, 0])]) { try $0[0].inverse() },
    ],
    misuses: squareMisuses("inverse") { _ = try? $0.inverse() })
  static let matrixPower = Op(
    "matrixPower", "Aⁿ",
    samples: [
      .succeeding("fifth", [.uniform([3, 3], -1...1)]) { try $0[0].matrixPower(5) },
      .succeeding("minus second", [.uniform([2, 2, 2])]) { try shifted($0[0]).matrixPower(-2) },
      .succeeding("none", [.uniform([2, 3, 3])]) { try $0[0].matrixPower(0) },
      .succeeding("no matrices", [.uniform([0, 3, 3])]) { try $0[0].matrixPower(3) },
    ],
    misuses: squareMisuses("matrixPower") { _ = try? $0.matrixPower(2) })
}
