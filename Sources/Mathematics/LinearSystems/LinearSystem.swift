import TensorCore

/// A·x = b, and how good a solution can be.
///
/// ```swift
/// let system = LinearSystem(Tensor([[4.0, 1.0], [1.0, 3.0]], dtype: .float64), Tensor([1.0, 2.0], dtype: .float64))
/// let solution = try system.solve(by: .cholesky)
/// solution.x  // ≈ [0.0909091, 0.6363636]
/// solution.backwardError < 1e-15  // → true
/// try system.conditionNumber  // ≈ 1.9387489
/// ```
public struct LinearSystem: Sendable {
  /// A, [n, n].
  public let a: Tensor
  /// b, [n].
  public let b: Tensor

  /// How it is solved (Golub & Van Loan, "Matrix Computations", 2013, chapters 3 to 5).
  public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
    /// P·A = L·U, elimination with the largest pivot of each column: ⅔n³ operations.
    case lu
    /// A = L·Lᵀ, for symmetric, positive definite matrices, of which only the lower triangle is read: ⅓n³.
    case cholesky
    /// A = Q·R by reflections: 4⁄3·n³.
    case qr
    /// A = U·diag(s)·Vᵀ: some 20·n³. Singular values up to n·ε times the largest count as zero, and of all solutions (or of all x with the
    /// least residual) it gives the shortest.
    case svd
  }

  /// Stops the program unless A is square, b has as many elements as A rows, and both are of one float dtype.
  public init(_ a: Tensor, _ b: Tensor) {
    guard a.rank == 2, a.shape[0] == a.shape[1], b.shape == [a.shape[0]], a.dtype == b.dtype,
      a.dtype == .float32 || a.dtype == .float64
    else {
      stop(
        "LinearSystem", "A is \(a.dtype) \(a.shape), b \(b.dtype) \(b.shape)",
        fix: "pass A [n, n] and b [n], both float32 or both float64")
    }
    (self.a, self.b) = (a.detached(), b.detached())
  }

  /// Throws `singular` (not by `.svd`), `notPositiveDefinite` by `.cholesky`, and `notFinite`.
  public func solve(by method: Method = .lu) throws(LinearAlgebraError) -> LinearSolution {
    LinearSolution(x: try Factors(a, method).solve(b), of: self)
  }

  /// Solves, and then solves for the error, A·d = b − A·x, with the same decomposition and adds it, as many times as is said (`.lu`
  /// eliminates anew each time, the others keep their factors). The residuals are computed in float64: so a system of float64 can be solved
  /// with a decomposition in float32, as long as κ(A) is below 10⁷ or so (Wilkinson, "Rounding Errors in Algebraic Processes", 1963;
  /// Moler, "Iterative refinement in floating point", 1967).
  ///
  /// ```swift
  /// let a = hilbertMatrix(4)
  /// let system = LinearSystem(a, matmul(a, Tensor.ones([4], dtype: .float64)))
  /// let refined = try system.refined(by: .lu, in: .float32, steps: 5)
  /// (refined.x - 1).abs().max().item() < 1e-10  // → true
  /// ```
  ///
  /// - Parameter precision: The dtype of the decomposition; A's if nil.
  public func refined(
    by method: Method = .lu, in precision: DType? = nil, steps: Int
  ) throws(LinearAlgebraError) -> LinearSolution {
    let precision = precision ?? a.dtype
    let factors = try Factors(a.cast(to: precision), method)
    let (a, b) = (a.cast(to: .float64), b.cast(to: .float64))
    var x = try factors.solve(b.cast(to: precision)).cast(to: .float64)
    for _ in 0..<steps {
      x = x + (try factors.solve((b - matmul(a, x)).cast(to: precision))).cast(to: .float64)
    }
    return LinearSolution(x: x.cast(to: self.a.dtype), of: self)
  }

  /// κ₂(A) = sₘₐₓ/sₘᵢₙ: how many times a relative change of b, or of A, can be found again in x. Infinite for a singular matrix.
  public var conditionNumber: Double {
    get throws(LinearAlgebraError) { try LinearSystem.conditionNumber(of: a) }
  }

  /// Of any matrix [m, n] that has elements.
  static func conditionNumber(of a: Tensor) throws(LinearAlgebraError) -> Double {
    let s = try a.cast(to: .float64).singularValues()
    return s[0].item() / s[-1].item()
  }
}

/// A solution with what can be said of it afterwards. Norms are computed in float64.
public struct LinearSolution: Sendable {
  /// [n].
  public let x: Tensor
  /// ‖b − A·x‖₂
  public let residualNorm: Double
  /// η = ‖b − A·x‖∞/(‖A‖∞·‖x‖∞ + ‖b‖∞): x is the exact solution of a system whose A and b are changed by this share (Rigal & Gaches, "On
  /// the compatibility of a given solution with the data of a linear system", 1967). Some ε is as good as it gets.
  public let backwardError: Double

  init(x: Tensor, of system: LinearSystem) {
    self.x = x
    let (a, b) = (system.a.cast(to: .float64), system.b.cast(to: .float64))
    let x = x.cast(to: .float64)
    let residual = b - matmul(a, x)
    residualNorm = residual.norm().item()
    let largest = LinearSolution.largest(residual)
    let rowSums = a.abs().sum(axis: 1)
    let scale = LinearSolution.largest(rowSums) * LinearSolution.largest(x) + LinearSolution.largest(b)
    backwardError = largest == 0 ? 0 : largest / scale
  }

  /// 2η·κ: with this condition number (of the norm of maxima, or roughly κ₂), ‖x − x*‖/‖x*‖ is at most this, where it is far below 1 (Higham,
  /// "Accuracy and Stability of Numerical Algorithms", 2002, theorem 7.2).
  public func errorBound(conditionNumber: Double) -> Double { 2 * backwardError * conditionNumber }

  private static func largest(_ x: Tensor) -> Double { x.count == 0 ? 0 : x.abs().max().item() }
}

/// A decomposition that can be used several times.
private struct Factors {
  private let apply: (Tensor) throws(LinearAlgebraError) -> Tensor

  init(_ a: Tensor, _ method: LinearSystem.Method) throws(LinearAlgebraError) {
    switch method {
    case .lu:
      // LAPACK's elimination and substitution in one.
      apply = { (b) throws(LinearAlgebraError) in try TensorCore.solve(a, b) }
    case .cholesky:
      let l = try a.cholesky()
      apply = { (b) throws(LinearAlgebraError) in
        try triangularSolve(l.transposed(), try triangularSolve(l, b), upper: true)
      }
    case .qr:
      let (q, r) = a.qr()
      apply = { (b) throws(LinearAlgebraError) in try triangularSolve(r, matmul(q.transposed(), b), upper: true) }
    case .svd:
      let inverse = try a.pseudoInverse()
      apply = { (b) throws(LinearAlgebraError) in matmul(inverse, b) }
    }
  }

  /// - Parameter b: [n].
  func solve(_ b: Tensor) throws(LinearAlgebraError) -> Tensor { try apply(b.unsqueezed(1)).squeezed(1) }
}

/// Hᵢⱼ = 1/(i + j − 1): the classic example of a matrix that is as good as singular, with a condition number of about e^(3.5n) (Hilbert,
/// 1894). [n, n] in float64.
///
/// ```swift
/// hilbertMatrix(2)  // ≈ [[1.0, 0.5], [0.5, 0.3333333]]
/// ```
public func hilbertMatrix(_ n: Int) -> Tensor {
  let i = Tensor.range(0, Double(n), dtype: .float64)
  return 1 / (i.unsqueezed(1) + i + 1)
}
