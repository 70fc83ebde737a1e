extension Tensor {
  /// The Moore–Penrose inverse A⁺ by singular values; those up to `relativeTolerance` times the largest count as zero.
  /// [..., m, n] → [..., n, m]. By default the tolerance is max(m, n)·ε, ε being the distance from 1 to the next number
  /// of the dtype.
  ///
  /// The gradient holds as long as small changes of A leave its rank alone. Throws `notFinite` and `notConverged`.
  /// Penrose, "A generalized inverse for matrices", 1955; gradient: Golub & Pereyra, "The differentiation of
  /// pseudo-inverses and nonlinear least squares problems whose variables separate", 1973.
  ///
  /// ```swift
  /// try Tensor([[2.0, 0.0], [0.0, 0.0]]).pseudoInverse()  // → [[0.5, 0.0], [0.0, 0.0]]
  /// ```
  public func pseudoInverse(relativeTolerance: Double? = nil) throws(LinearAlgebraError) -> Tensor {
    if Autocast.isOn {
      return try Autocast.widening(self) { x throws(LinearAlgebraError) in
        try x.pseudoInverse(relativeTolerance: relativeTolerance)
      }
    }
    LAPACK.requireMatrices("pseudoInverse", self)
    let (m, n) = (shape[-2], shape[-1])
    let epsilon = dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
    let (u, s, vt) = try detached().svd()
    if count == 0 { return transposed() }
    let cutoff = s.sliced(axis: s.rank - 1, from: 0, to: 1) * (relativeTolerance ?? Double(Swift.max(m, n)) * epsilon)
    let large = s .> cutoff
    let reciprocals =
      Tensor.where(large, Tensor.ones([], dtype: dtype), Tensor.zeros([], dtype: dtype))
      / Tensor.where(large, s, Tensor.ones([], dtype: dtype))
    let y = (vt.transposed() * reciprocals.unsqueezed(-2)).matmul(u.transposed())
    // dA⁺ = −A⁺·dA·A⁺ + A⁺·A⁺ᵀ·dAᵀ·(I − A·A⁺) + (I − A⁺·A)·dAᵀ·A⁺ᵀ·A⁺.
    return y.recorded("pseudoInverse", from: self) { g, y in
      let (a, yt, gt) = (self, y.transposed(), g.transposed())
      let first = yt.matmul(g).matmul(yt)
      let left = gt - a.matmul(y.matmul(gt))
      let right = gt - gt.matmul(y).matmul(a)
      return left.matmul(y.matmul(yt)) + yt.matmul(y).matmul(right) - first
    }
  }
}

/// X of least ‖A·X − B‖, column by column, for A [..., m, n] of full rank and B [..., m, columns] or one vector [m]: by
/// QR decomposition. With fewer rows than columns, the solution of least norm. [..., n, columns].
///
/// Throws `singular` when A's rank is not min(m, n), as far as its R has a zero on the diagonal; `pseudoInverse` bears
/// any rank. (Golub & Van Loan, "Matrix Computations", 2013, 5.3.)
///
/// ```swift
/// let a = Tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
/// try leastSquares(a, Tensor([1.0, 3.0, 5.0])).round()  // → [1.0, 2.0]
/// ```
public func leastSquares(_ a: Tensor, _ b: Tensor) throws(LinearAlgebraError) -> Tensor {
  if Autocast.isOn {
    return try Autocast.widening([a, b]) { x throws(LinearAlgebraError) in try leastSquares(x[0], x[1]) }
  }
  if b.rank == 1 { return try leastSquares(a, b.unsqueezed(-1)).squeezed(-1) }
  LAPACK.requireMatrices("leastSquares", a)
  if a.dtype != b.dtype { Elementwise.stopOnDTypes("leastSquares", a, b) }
  guard b.rank >= 2, b.shape[-2] == a.shape[-2] else {
    stop(
      "leastSquares", "A \(a.shape) and B \(b.shape) do not fit: [..., m, n] takes [..., m, columns]",
      fix: "give B as many rows as A has; a batch of vectors gets an axis by unsqueezed(-1)")
  }
  do {
    if a.shape[-2] >= a.shape[-1] {
      let (q, r) = a.qr()
      return try triangularSolve(r, q.transposed().matmul(b), upper: true)
    }
    let (q, r) = a.transposed().qr()
    return q.matmul(try triangularSolve(r.transposed(), b))
  } catch {
    throw LinearAlgebraError(op: "leastSquares", shape: a.shape, matrix: error.matrix, finding: error.finding)
  }
}

extension Op {
  static let pseudoInverse = Op(
    "pseudoInverse", "A⁺",
    samples: [
      .succeeding("square", [.uniform([3, 3])]) { try shifted($0[0]).pseudoInverse() },
      .succeeding("tall batch", [.uniform([2, 4, 2])]) { try $0[0].pseudoInverse() },
      .succeeding("wide", [.uniform([2, 3])]) { try shifted($0[0]).pseudoInverse() },
      .succeeding("empty", [.uniform([2, 0])]) { try $0[0].pseudoInverse() },
    ],
    misuses: matrixMisuses("pseudoInverse") { _ = try? $0.pseudoInverse() })
  static let leastSquares = Op(
    "leastSquares", "X of least ‖A·X − B‖",
    samples: [
      .succeeding("tall", [.uniform([4, 2]), .uniform([4, 2])]) { try TensorCore.leastSquares($0[0], $0[1]) },
      .succeeding("wide", [.uniform([2, 3]), .uniform([2, 1])]) { try TensorCore.leastSquares(shifted($0[0]), $0[1]) },
      .succeeding("vector", [.uniform([3, 2]), .uniform([3])]) { try TensorCore.leastSquares($0[0], $0[1]) },
      .succeeding("batch", [.uniform([2, 3, 2]), .uniform([2, 3, 1])]) { try TensorCore.leastSquares($0[0], $0[1]) },
      .succeeding("no columns", [.uniform([3, 2]), .uniform([3, 0])]) { try TensorCore.leastSquares($0[0], $0[1]) },
    ],
    misuses: [
      Misuse("sizes", says: ["leastSquares", "[3, 2]", "[2, 1]", "rows"]) {
        _ = try? TensorCore.leastSquares(.ones([3, 2]), .ones([2, 1]))
      }
    ] + matrixMisuses("leastSquares") { _ = try? TensorCore.leastSquares($0, .ones([2, 1])) })
}
