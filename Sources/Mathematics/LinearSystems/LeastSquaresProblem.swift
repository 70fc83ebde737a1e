import TensorCore

/// The x with the least ‖A·x − b‖, in three ways that differ in what they make of rounding.
///
/// ```swift
/// let a = Tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]], dtype: .float64)
/// let solution = try LeastSquaresProblem(a, Tensor([1.0, 3.0, 6.0], dtype: .float64)).solve(by: .qr)
/// solution.x  // ≈ [0.8333333, 2.5]
/// solution.residualNorm  // ≈ 0.4082483
/// ```
public struct LeastSquaresProblem: Sendable {
  /// A, [m, n] with m ≥ n.
  public let a: Tensor
  /// b, [m].
  public let b: Tensor

  /// Golub & Van Loan, "Matrix Computations", 2013, section 5.3.
  public enum Method: String, Sendable, Hashable, Codable, CaseIterable {
    /// AᵀA·x = Aᵀb by Cholesky: half the work, and a system whose condition number is κ(A)². Digits are gone at κ = 10⁸.
    case normalEquation
    /// R·x = Qᵀb: errors like κ·ε, and κ²·ε only as far as the residual is large.
    case qr
    /// x = A⁺·b: bears columns that depend on each other, and gives the shortest of the solutions.
    case svd
  }

  public struct Solution: Sendable {
    /// [n].
    public let x: Tensor
    /// ‖A·x − b‖
    public let residualNorm: Double
    /// ‖Aᵀ(A·x − b)‖/(‖A‖·‖A·x − b‖), Frobenius' norm: the cosine between the residual and A's columns, 0 at the solution; 0 without residual.
    public let optimality: Double
    /// κ of the matrix that was solved with: κ(A)² for the normal equation, else κ(A).
    public let conditionNumber: Double
  }

  /// Stops the program unless A has at least as many rows as columns, b as many elements as A rows, and both are of one float dtype.
  public init(_ a: Tensor, _ b: Tensor) {
    guard a.rank == 2, a.shape[0] >= a.shape[1], a.shape[1] > 0, b.shape == [a.shape[0]], a.dtype == b.dtype,
      a.dtype == .float32 || a.dtype == .float64
    else {
      stop(
        "LeastSquaresProblem", "A is \(a.dtype) \(a.shape), b \(b.dtype) \(b.shape)",
        fix: "pass A [m, n], m ≥ n > 0, and b [m], both float32 or both float64")
    }
    (self.a, self.b) = (a.detached(), b.detached())
  }

  /// Throws `notPositiveDefinite` by the normal equation and `singular` by QR where A's columns depend on each other, and `notFinite`.
  public func solve(by method: Method = .qr) throws(LinearAlgebraError) -> Solution {
    let (x, matrix) = try solved(by: method)
    let residual = matmul(a, x) - b
    let norm = residual.norm().item()
    let share = matmul(a.transposed(), residual).norm().item() / (a.norm().item() * norm)
    return Solution(
      x: x, residualNorm: norm, optimality: norm == 0 ? 0 : share,
      conditionNumber: try LinearSystem.conditionNumber(of: matrix))
  }

  private func solved(by method: Method) throws(LinearAlgebraError) -> (x: Tensor, matrix: Tensor) {
    switch method {
    case .normalEquation:
      let gram = matmul(a.transposed(), a)
      return (try LinearSystem(gram, matmul(a.transposed(), b)).solve(by: .cholesky).x, gram)
    case .qr: return (try leastSquares(a, b), a)
    case .svd: return (matmul(try a.pseudoInverse(), b), a)
    }
  }
}
