import TensorCore

/// Methods that come nearer to the solution of A·x = b with each product by A, for systems too large to decompose (Saad, "Iterative Methods
/// for Sparse Linear Systems", 2003).
///
/// ```swift
/// let a = Tensor([[4.0, 1.0], [1.0, 3.0]], dtype: .float64)
/// let found = IterativeSolver.conjugateGradient.solve(a, Tensor([1.0, 2.0], dtype: .float64))
/// found.x  // ≈ [0.0909091, 0.6363636]
/// found.iterations  // → 2
/// ```
public enum IterativeSolver: Sendable, Hashable, Codable {
  /// x ← D⁻¹·(b − (A − D)·x), D the diagonal: each unknown from the last ones of the others. Comes to the solution where the spectral
  /// radius of I − D⁻¹·A is below 1, for instance where the diagonal outweighs its row (Jacobi, 1845).
  case jacobi
  /// (D + L)·x ← b − U·x, L and U the triangles: each unknown from the newest ones of the others. For positive definite matrices, and where
  /// the diagonal outweighs its row (Gauss; Seidel, 1874).
  case gaussSeidel
  /// The lowest point of ½xᵀAx − bᵀx in a growing space of gradients: symmetric, positive definite matrices. n iterations at most without
  /// rounding, and about √κ/2·ln(2/tolerance) (Hestenes & Stiefel, "Methods of conjugate gradients for solving linear systems", 1952).
  case conjugateGradient
  /// The least ‖b − A·x‖ in the space of b, A·b, A²·b, …, begun anew after `restart` products: any matrix (Saad & Schultz, "GMRES: a
  /// generalized minimal residual algorithm for solving nonsymmetric linear systems", 1986). An iteration is one product.
  case gmres(restart: Int = 30)

  /// What came out, with how it came nearer.
  public struct Result: Sendable {
    public let x: Tensor
    /// ‖b − A·x‖/‖b‖ at the start and after each iteration.
    public let residuals: [Double]
    public let hasConverged: Bool

    public var iterations: Int { residuals.count - 1 }
  }

  /// Goes on from x = 0, or from `start`, until ‖b − A·x‖ ≤ tolerance·‖b‖, for so many iterations at most; ends earlier where a number is
  /// no longer finite. A [n, n] and b [n] are as for ``LinearSystem``.
  public func solve(
    _ a: Tensor, _ b: Tensor, from start: Tensor? = nil, tolerance: Double = 1e-10, iterations: Int = 1000
  ) -> Result {
    let system = LinearSystem(a, b)
    let (a, b) = (system.a, system.b)
    let x = start ?? Tensor.zeros(like: b)
    switch self {
    case .jacobi:
      let diagonal = a.diagonal()
      let rest = a - diagonal.diagonalMatrix()
      return repeated(a, b, x, tolerance, iterations) { (b - matmul(rest, $0)) / diagonal }
    case .gaussSeidel:
      let (lower, upper) = (a.lowerTriangle(), a.upperTriangle(1))
      return repeated(a, b, x, tolerance, iterations) { x in
        try? triangularSolve(lower, (b - matmul(upper, x)).unsqueezed(1)).squeezed(1)
      }
    case .conjugateGradient, .gmres:
      return solve(b, from: x, tolerance: tolerance, iterations: iterations) { matmul(a, $0) }
    }
  }

  /// The same for a matrix of which only its products with vectors are known: `multiply` is v ↦ A·v. By conjugate gradients or GMRES; the
  /// others stop the program, because they need the matrix.
  public func solve(
    _ b: Tensor, from start: Tensor? = nil, tolerance: Double = 1e-10, iterations: Int = 1000,
    multiply: (Tensor) -> Tensor
  ) -> Result {
    let x = start ?? Tensor.zeros(like: b)
    switch self {
    case .conjugateGradient: return conjugateGradients(b, x, tolerance, iterations, multiply)
    case .gmres(let restart):
      if restart < 1 { stop("IterativeSolver", "GMRES begun anew after \(restart) products", fix: "use 1 or more") }
      return generalisedResiduals(b, x, tolerance, iterations, restart, multiply)
    case .jacobi, .gaussSeidel:
      stop("IterativeSolver", "\(self) takes elements of the matrix", fix: "pass the matrix, or use .gmres()")
    }
  }

  /// The fixed point of a step; nil from a step ends it.
  private func repeated(
    _ a: Tensor, _ b: Tensor, _ start: Tensor, _ tolerance: Double, _ iterations: Int, _ step: (Tensor) -> Tensor?
  ) -> Result {
    let scale = IterativeSolver.scale(b)
    var x = start
    func residual() -> Double { (b - matmul(a, x)).norm().item() / scale }
    var residuals = [residual()]
    while let last = residuals.last, last > tolerance, last.isFinite, residuals.count <= iterations,
      let next = step(x)
    {
      x = next
      residuals.append(residual())
    }
    return Result(x: x, residuals: residuals, hasConverged: residuals.last.map { $0 <= tolerance } ?? false)
  }

  /// ‖b‖, or 1 if that is 0.
  static func scale(_ b: Tensor) -> Double {
    let norm = b.norm().item()
    return norm == 0 ? 1 : norm
  }
}
