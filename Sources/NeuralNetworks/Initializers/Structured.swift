import TensorCore

// Weights with a structure: maps that pass their input, and mostly empty ones.
extension Initializer {
  /// Ones on the diagonal, so that a linear layer passes its input. Stops unless the shape is a matrix.
  ///
  /// ```swift
  /// Initializer.identity([2, 3])  // → [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]
  /// ```
  public static var identity: Initializer {
    Initializer { shape, dtype, _ in
      if shape.rank != 2 { stop("identity", "a shape of \(shape)", fix: "use a matrix; for convolutions use .dirac") }
      return diagonal(shape, dtype, groups: 1)
    }
  }

  /// Ones at the kernel's middle on the diagonal of each group, so that a convolution passes as many channels as it can
  /// (Zagoruyko & Komodakis, "DiracNets", 2017). [filters, channels/groups, kernel …]. Stops unless the groups divide the
  /// filters.
  ///
  /// ```swift
  /// Initializer.dirac()([1, 2, 3])[0]  // → [[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
  /// ```
  public static func dirac(groups: Int = 1) -> Initializer {
    Initializer { shape, dtype, _ in
      guard shape.rank >= 3, groups >= 1, shape[0] % groups == 0 else {
        stop(
          "dirac", "a shape of \(shape) in \(groups) groups",
          fix: "use [filters, channels, kernel …], and groups that divide the filters")
      }
      return diagonal(shape, dtype, groups: groups)
    }
  }

  private static func diagonal(_ shape: Shape, _ dtype: DType, groups: Int) -> Tensor {
    let kernel = Array(shape.dimensions[2...])
    let middle = kernel.reduce(0) { $0 * $1 + $1 / 2 }
    let area = kernel.reduce(1, *)
    var values = [Double](repeating: 0, count: shape.elementCount)
    let filters = shape[0] / groups
    for filter in 0..<shape[0] where filter % filters < shape[1] {
      values[(filter * shape[1] + filter % filters) * area + middle] = 1
    }
    return Tensor(values, shape: shape, dtype: dtype)
  }

  /// Normal, but for ⌈sparsity·rows⌉ zeros in each column, at random places (Martens, "Deep learning via Hessian-free
  /// optimization", 2010). Stops unless the shape is a matrix and 0 ≤ sparsity ≤ 1.
  ///
  /// ```swift
  /// let w = Initializer.sparse(0.5)([4, 3])
  /// (w .== 0).sum(axis: 0)  // → [2, 2, 2]
  /// ```
  public static func sparse(_ sparsity: Double, standardDeviation: Double = 0.01) -> Initializer {
    Initializer { shape, dtype, generator in
      guard shape.rank == 2, (0...1).contains(sparsity) else {
        stop("sparse", "a shape of \(shape), a sparsity of \(sparsity)", fix: "use a matrix, and a share in 0...1")
      }
      let (rows, columns) = (shape[0], shape[1])
      let zeros = Double((sparsity * Double(rows)).rounded(.up))
      let full = Tensor.normal(shape, standardDeviation: standardDeviation, dtype: dtype, using: generator)
      if columns == 0 { return full }
      let places = Tensor.stacked((0..<columns).map { _ in Tensor.permutation(rows, using: generator) }, axis: 1)
      return full.maskedFilled(places .< zeros, with: 0)
    }
  }
}
