extension Tensor {
  /// The p-norm over `axes` (all by default): (Σ |x|ᵖ)^(1/p). p is 2 by default, the Euclidean or, over both axes of a
  /// matrix, the Frobenius norm; 1 sums magnitudes; `.infinity` is the largest and `-.infinity` the smallest magnitude.
  /// Other p are positive.
  ///
  /// Where x or the norm is zero, the gradient is that of PyTorch, zero. Stops for p ≤ 0 other than −∞, and for the
  /// largest or smallest of nothing.
  ///
  /// ```swift
  /// Tensor([3.0, -4.0]).norm()  // → 5.0
  /// Tensor([[3.0, -4.0], [1.0, 1.0]]).norm(1, axes: [1])  // → [7.0, 2.0]
  /// Tensor([3.0, -4.0]).norm(.infinity)  // → 4.0
  /// ```
  public func norm(_ p: Double = 2, axes: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    Elementwise.requireFloatingPoint("norm", self)
    guard p > 0 || p == -.infinity else {
      stop("norm", "p is \(p)", fix: "use a positive p, .infinity or -.infinity")
    }
    let axes = rank == 0 && axes.isEmpty ? [] : shape.resolved(axes, for: "norm")
    if p.isInfinite {
      let magnitudes = abs()
      return p > 0
        ? magnitudes.max(axes: axes, keepingDimensions: keepingDimensions)
        : magnitudes.min(axes: axes, keepingDimensions: keepingDimensions)
    }
    if p == 1 { return abs().sum(axes: axes, keepingDimensions: keepingDimensions) }
    let x = detached()
    let y =
      p == 2
      ? x.square().sum(axes: axes, keepingDimensions: true).sqrt()
      : x.abs().power(p).sum(axes: axes, keepingDimensions: true).power(1 / p)
    let norm = y.recorded("norm", from: self) { g, y in
      let zero = Tensor.zeros([], dtype: y.dtype)
      // ∂y/∂x = x·|x|^(p−2)/y^(p−1), with ones put where a power of zero would be infinite.
      let base = Tensor.where(y.detached() .== 0, Tensor.ones([], dtype: y.dtype), y)
      if p == 2 { return self * (g / base) }
      let isZero = self.detached() .== 0
      let magnitude = Tensor.where(isZero, Tensor.ones([], dtype: y.dtype), self.abs())
      let slope = self.detached().sign() * magnitude.power(p - 1) * (g / base.power(p - 1))
      return Tensor.where(isZero, zero, slope)
    }
    return keepingDimensions ? norm : norm.reshaped(shape.removing(axes, keepingDimensions: false))
  }

  /// The norms of a matrix that are not norms of its elements as a vector.
  public enum MatrixNorm: Sendable, Hashable {
    /// √(Σ aᵢⱼ²) = √(Σ sᵢ²).
    case frobenius
    /// Σ sᵢ, the sum of the singular values.
    case nuclear
    /// max sᵢ, the largest singular value: what a vector can be stretched by.
    case spectral
    /// maxⱼ Σᵢ |aᵢⱼ|, the largest sum of a column.
    case one
    /// maxᵢ Σⱼ |aᵢⱼ|, the largest sum of a row.
    case infinity
  }

  /// A norm of matrices. [..., m, n] → [...].
  ///
  /// Throws what `singularValues` throws, for the nuclear and the spectral norm. Stops for the largest of nothing.
  /// (Golub & Van Loan, "Matrix Computations", 2013, 2.3.)
  ///
  /// ```swift
  /// try Tensor([[0.0, 2.0], [3.0, 0.0]]).matrixNorm(.nuclear)  // → 5.0
  /// ```
  public func matrixNorm(_ kind: MatrixNorm = .frobenius) throws(LinearAlgebraError) -> Tensor {
    LAPACK.requireMatrices("matrixNorm", self)
    return switch kind {
    case .frobenius: norm(2, axes: [-2, -1])
    case .nuclear: try singularValues().sum(axis: -1)
    case .spectral: try singularValues().max(axis: -1)
    case .one: abs().sum(axis: -2).max(axis: -1)
    case .infinity: abs().sum(axis: -1).max(axis: -1)
    }
  }
}

extension Op {
  static let norm = Op(
    "norm", "(Σ |x|ᵖ)^(1/p)",
    samples: [
      Sample("Euclidean", [.uniform([3, 4])]) { $0[0].norm() },
      Sample("rows", [.uniform([3, 4])]) { $0[0].norm(axes: [1], keepingDimensions: true) },
      Sample("one", [.uniform([2, 3, 2])]) { $0[0].norm(1, axes: [0, 2]) },
      Sample("three", [.uniform([3, 4])]) { $0[0].norm(3, axes: [0]) },
      Sample("half", [.uniform([4])]) { $0[0].norm(0.5) },
      Sample("largest", [.uniform([3, 4])]) { $0[0].norm(.infinity, axes: [1]) },
      Sample("smallest", [.uniform([3, 4])]) { $0[0].norm(-.infinity, axes: [1]) },
      Sample("empty", [.uniform([2, 0])]) { $0[0].norm(axes: [1]) },
    ],
    misuses: [
      Misuse("p", says: ["norm", "p is -1", ".infinity"]) { _ = Tensor.ones([3]).norm(-1) },
      Misuse("dtype", says: ["norm", "int64", "cast(to: .float32)"]) { _ = Tensor([1, 2]).norm() },
    ])
  static let matrixNorm = Op(
    "matrixNorm", "‖A‖",
    samples: [
      .succeeding("Frobenius", [.uniform([2, 3, 4])]) { try $0[0].matrixNorm() },
      .succeeding("nuclear", [.uniform([2, 3, 2])]) { try $0[0].matrixNorm(.nuclear) },
      .succeeding("spectral", [.uniform([3, 4])]) { try $0[0].matrixNorm(.spectral) },
      .succeeding("one", [.uniform([3, 4])]) { try $0[0].matrixNorm(.one) },
      .succeeding("infinity", [.uniform([3, 4])]) { try $0[0].matrixNorm(.infinity) },
      .succeeding("no matrices", [.uniform([0, 2, 2])]) { try $0[0].matrixNorm(.nuclear) },
    ],
    misuses: matrixMisuses("matrixNorm") { _ = try? $0.matrixNorm() })
}
