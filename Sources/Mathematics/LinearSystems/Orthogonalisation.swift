import TensorCore

/// Three ways to A = Q·R, with orthonormal columns in Q [m, n] and an upper triangle R [n, n], for A [m, n], m ≥ n, of full rank: written as
/// in the book, to see what rounding makes of them. `qr()` is the one to use. Golub & Van Loan, "Matrix Computations", 2013, section 5.2;
/// Björck, "Solving linear least squares problems by Gram–Schmidt orthogonalization", 1967.
///
/// ```swift
/// let (q, r) = Orthogonalisation.modifiedGramSchmidt.qr(Tensor([[3.0, 1.0], [4.0, 2.0]], dtype: .float64))
/// r  // ≈ [[5.0, 2.2], [0.0, 0.4]]
/// Orthogonalisation.loss(of: q) < 1e-14  // → true
/// ```
public enum Orthogonalisation: String, Sendable, Hashable, Codable, CaseIterable {
  /// Takes all shares of a column off at once: ‖I − QᵀQ‖ grows like κ²·ε.
  case classicalGramSchmidt
  /// Takes each share off what is left by then: κ·ε.
  case modifiedGramSchmidt
  /// Reflects what is below the diagonal away: ε, whatever the matrix.
  case householder

  /// ‖I − QᵀQ‖, Frobenius' norm: 0 if the columns are orthonormal.
  public static func loss(of q: Tensor) -> Double {
    (Tensor.eye(q.shape[1], dtype: q.dtype) - matmul(q.transposed(), q)).norm().item()
  }

  /// Stops the program unless A is a float matrix with at least as many rows as columns.
  public func qr(_ a: Tensor) -> (q: Tensor, r: Tensor) {
    guard a.rank == 2, a.shape[0] >= a.shape[1], a.dtype == .float32 || a.dtype == .float64 else {
      stop("Orthogonalisation", "A is \(a.dtype) \(a.shape)", fix: "pass a float matrix [m, n] with m ≥ n")
    }
    let a = a.detached()
    return switch self {
    case .classicalGramSchmidt: classical(a)
    case .modifiedGramSchmidt: modified(a)
    case .householder: reflected(a)
    }
  }

  /// qⱼ = what is left of column j, made a unit, without its shares along the columns before.
  private func classical(_ a: Tensor) -> (q: Tensor, r: Tensor) {
    var (q, r) = (Tensor.zeros(like: a), Tensor.zeros([a.shape[1], a.shape[1]], dtype: a.dtype))
    for j in 0..<a.shape[1] {
      var rest = a[.all, j]
      if j > 0 {
        let before = q[.all, 0..<j]
        let parts = matmul(before.transposed(), rest)
        r[0..<j, j] = parts
        rest = rest - matmul(before, parts)
      }
      r[j, j] = rest.norm()
      q[.all, j] = rest / rest.norm()
    }
    return (q, r)
  }

  /// Each qⱼ is taken out of all columns behind it as soon as it is known.
  private func modified(_ a: Tensor) -> (q: Tensor, r: Tensor) {
    var (q, r) = (a, Tensor.zeros([a.shape[1], a.shape[1]], dtype: a.dtype))
    for j in 0..<a.shape[1] {
      r[j, j] = q[.all, j].norm()
      q[.all, j] = q[.all, j] / r[j, j]
      let behind = q[.all, (j + 1)...]
      let shares = matmul(q[.all, j], behind)
      r[j, (j + 1)...] = shares
      q[.all, (j + 1)...] = behind - outer(q[.all, j], shares)
    }
    return (q, r)
  }

  /// H = I − 2vvᵀ with v = x + sign(x₁)·‖x‖·e₁, made a unit, turns column x into a multiple of e₁.
  private func reflected(_ a: Tensor) -> (q: Tensor, r: Tensor) {
    let (m, n) = (a.shape[0], a.shape[1])
    var (r, vectors) = (a, [Tensor]())
    for j in 0..<n {
      var v = r[j..., j]
      let norm = v.norm().item()
      let first = v[0].item()
      v[0] = Tensor(first + (first < 0 ? -norm : norm), dtype: a.dtype)
      let length = v.norm().item()
      // A column of zeros needs no reflection.
      if length > 0 { v = v * (1 / length) }
      let part = r[j..., j...]
      r[j..., j...] = part - outer(v, matmul(v, part)) * 2
      vectors.append(v)
    }
    // Q = H₁·H₂·…·Hₙ, on the first n columns of I.
    var q = Tensor.eye(m, columns: n, dtype: a.dtype)
    for j in (0..<n).reversed() {
      let part = q[j..., .all]
      q[j..., .all] = part - outer(vectors[j], matmul(vectors[j], part)) * 2
    }
    return (q, r[0..<n].upperTriangle())
  }
}
