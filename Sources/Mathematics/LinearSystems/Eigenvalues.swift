import Foundation
import TensorCore

/// The eigenvalue of the largest magnitude and its vector, by x ← A·x/‖A·x‖ (von Mises & Pollaczek-Geiringer, 1929). The error shrinks by
/// |λ₂/λ₁| in each iteration, and that of the eigenvalue of a symmetric matrix by its square. It must be real, and larger than all others.
///
/// ```swift
/// let found = PowerIteration().run(Tensor([[2.0, 1.0], [1.0, 2.0]], dtype: .float64))
/// found.value  // ≈ 3
/// found.vector.abs()  // ≈ [0.7071068, 0.7071068]
/// ```
public struct PowerIteration: Sendable, Hashable, Codable {
  /// Ends where ‖A·x − λ·x‖ ≤ tolerance·|λ|.
  public var tolerance: Double
  public var iterations: Int
  /// Where the random start comes from.
  public var seed: UInt64

  public init(tolerance: Double = 1e-10, iterations: Int = 10_000, seed: UInt64 = 0) {
    (self.tolerance, self.iterations, self.seed) = (tolerance, iterations, seed)
  }

  public struct Result: Sendable {
    /// λ = xᵀA·x, Rayleigh's quotient.
    public let value: Double
    /// x, of length 1, [n].
    public let vector: Tensor
    /// ‖A·x − λ·x‖ after each iteration.
    public let residuals: [Double]
    public let hasConverged: Bool
  }

  /// Of A [n, n], float. Stops the program when it is none.
  public func run(_ a: Tensor) -> Result {
    requireSquare("PowerIteration", a)
    var x = Tensor.normal([a.shape[0]], dtype: a.dtype, using: RandomGenerator(seed: seed))
    x = x * (1 / x.norm().item())
    var (value, residuals, hasConverged) = (0.0, [Double](), false)
    while residuals.count < iterations && !hasConverged {
      let product = matmul(a, x)
      value = dot(x, product).item()
      let residual = (product - x * value).norm().item()
      residuals.append(residual)
      hasConverged = residual <= tolerance * abs(value)
      let length = product.norm().item()
      // A·x = 0: x is an eigenvector already; not finite: there is nothing to find.
      guard length > 0, length.isFinite else { break }
      if !hasConverged { x = product * (1 / length) }
    }
    return Result(value: value, vector: x, residuals: residuals, hasConverged: hasConverged)
  }
}

/// All eigenvalues of a real matrix by the QR algorithm: A ← QᵀAQ, where Q·R = A² − s·A + t·I and s, t are sum and product of the last 2×2
/// block's eigenvalues. What is left of the last rows' subdiagonal vanishes quadratically, and one eigenvalue, or a pair of them, can be
/// read off (Francis, "The QR transformation", 1961; Golub & Van Loan, "Matrix Computations", 2013, section 7.5). Readable and slow, n³ an
/// iteration; `eigh` is the one to use for symmetric matrices.
///
/// ```swift
/// let found = QRAlgorithm().run(Tensor([[0.0, -1.0], [1.0, 0.0]], dtype: .float64))
/// found.real  // → [0.0, 0.0]
/// found.imaginary  // → [1.0, -1.0]
/// ```
public struct QRAlgorithm: Sendable, Hashable, Codable {
  /// The most iterations for an eigenvalue, or a pair.
  public var iterations: Int

  public init(iterations: Int = 60) { self.iterations = iterations }

  public struct Result: Sendable {
    /// The parts of the eigenvalues, by descending real part, and of a pair the one with the positive imaginary part first: [n] in float64,
    /// or fewer where the iteration did not come to its end.
    public let real: Tensor
    public let imaginary: Tensor
    /// Of all eigenvalues together.
    public let iterations: Int
    public let hasConverged: Bool
  }

  /// Of A [n, n], float; of one that is not finite, no eigenvalue is found. Stops the program when it is no such matrix.
  public func run(_ a: Tensor) -> Result {
    requireSquare("QRAlgorithm", a)
    var h = hessenberg(a.detached().cast(to: .float64))
    var found: [(real: Double, imaginary: Double)] = []
    var (count, total) = (0, 0)
    while h.shape[0] > 2, h.isFinite().all().item(Bool.self) {
      let n = h.shape[0]
      if isSmall(h, n - 1) {
        found.append((h[-1, -1].item(), 0))
        h = h[0..<n - 1, 0..<n - 1].contiguous()
        count = 0
      } else if isSmall(h, n - 2) {
        found += pair(h[(n - 2)..., (n - 2)...])
        h = h[0..<n - 2, 0..<n - 2].contiguous()
        count = 0
      } else if count == iterations {
        break
      } else {
        (count, total) = (count + 1, total + 1)
        h = turned(h, isStuck: count % 10 == 0)
      }
    }
    if h.shape[0] == 2, h.isFinite().all().item(Bool.self) { found += pair(h) }
    if h.shape[0] == 1, h.item().isFinite { found.append((h.item(), 0)) }
    found.sort { ($0.real, $0.imaginary) > ($1.real, $1.imaginary) }
    return Result(
      real: Tensor(found.map(\.real), dtype: .float64), imaginary: Tensor(found.map(\.imaginary), dtype: .float64),
      iterations: total, hasConverged: found.count == a.shape[0])
  }

  /// Qᵀ·A·Q with zeros below the first subdiagonal: the same eigenvalues, and what the algorithm needs to find them.
  private func hessenberg(_ a: Tensor) -> Tensor {
    var h = a
    for k in 0..<max(a.shape[0] - 2, 0) {
      var v = h[(k + 1)..., k]
      let (norm, first) = (v.norm().item(), v[0].item())
      v[0] = Tensor(first + (first < 0 ? -norm : norm), dtype: .float64)
      let length = v.norm().item()
      if length == 0 { continue }
      v = v * (1 / length)
      let rows = h[(k + 1)..., .all]
      h[(k + 1)..., .all] = rows - outer(v, matmul(v, rows)) * 2
      let columns = h[.all, (k + 1)...]
      h[.all, (k + 1)...] = columns - outer(matmul(columns, v), v) * 2
    }
    return h
  }

  /// One iteration. Where it goes round in circles, a shift of another kind leads out.
  private func turned(_ h: Tensor, isStuck: Bool) -> Tensor {
    let block = h[-2 ... -1, -2 ... -1]
    let stray = isStuck ? abs(h[-1, -2].item()) + abs(h[-2, -3].item()) : 0
    let sum = block.trace().item() + 1.5 * stray
    let product = block.determinant().item() + stray * stray
    let shifted = matmul(h, h) - h * sum + Tensor.eye(h.shape[0], dtype: .float64) * product
    let q = shifted.qr().q
    // Rounding fills what is zero by theory.
    return matmul(q.transposed(), matmul(h, q)).upperTriangle(-1)
  }

  /// Whether the element left of the diagonal in this row counts as zero beside its neighbours.
  private func isSmall(_ h: Tensor, _ row: Int) -> Bool {
    let neighbours = abs(h[row, row].item()) + abs(h[row - 1, row - 1].item())
    let scale = neighbours == 0 ? h.norm().item() : neighbours
    return abs(h[row, row - 1].item()) <= .ulpOfOne * scale
  }

  /// The roots of λ² − tr·λ + det of a block [2, 2].
  private func pair(_ block: Tensor) -> [(real: Double, imaginary: Double)] {
    let (a, b, c, d) = (block[0, 0].item(), block[0, 1].item(), block[1, 0].item(), block[1, 1].item())
    let (mean, half) = ((a + d) / 2, (a - d) / 2)
    let square = half * half + b * c
    if square < 0 { return [(mean, (-square).squareRoot()), (mean, -(-square).squareRoot())] }
    // The larger root first, and the other from the product: nothing cancels.
    let larger = mean + (mean < 0 ? -square.squareRoot() : square.squareRoot())
    return [(larger, 0), (larger == 0 ? 0 : (a * d - b * c) / larger, 0)]
  }
}

private func requireSquare(_ name: String, _ a: Tensor) {
  guard a.rank == 2, a.shape[0] == a.shape[1], a.shape[0] > 0, a.dtype == .float32 || a.dtype == .float64 else {
    stop(name, "A is \(a.dtype) \(a.shape)", fix: "pass a float matrix [n, n]")
  }
}
