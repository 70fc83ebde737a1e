import TensorCore

extension Initializer {
  /// A random orthogonal matrix, times `gain` (Saxe, McClelland & Ganguli, "Exact solutions to the nonlinear dynamics
  /// of learning in deep linear neural networks", 2014): products of such matrices neither grow nor vanish.
  ///
  /// [out, in, ...] is seen as the matrix [out, rest]: its rows are orthonormal, or its columns if there are fewer of
  /// them. It is the orthogonal factor of a normal matrix, and so uniform over all such matrices (Mezzadri, "How to
  /// generate random matrices from the classical compact groups", 2007). Computed in float64. Stops for shapes of
  /// fewer than two axes.
  ///
  /// ```swift
  /// let w = Initializer.orthogonal()([2, 8], dtype: .float64)
  /// (w.matmul(w.transposed()) - Tensor.eye(2, dtype: .float64)).abs().max().item() < 1e-12  // → true
  /// ```
  public static func orthogonal(gain: Double = 1) -> Initializer {
    Initializer { shape, dtype, generator in
      guard shape.rank >= 2 else {
        stop(
          "orthogonal", "a shape of \(shape) is no matrix", fix: "use a weight [out, in, ...], or another initialiser")
      }
      let (rows, columns) = (shape[0], shape.dimensions.dropFirst().reduce(1, *))
      let (few, many) = (min(rows, columns), max(rows, columns))
      let normal = Tensor.normal([few, many], dtype: .float64, using: generator)
      let orthonormal = withoutGradients { orthogonalFactor(normal) }
      let matrix = rows <= columns ? orthonormal : orthonormal.transposed()
      return (matrix.reshaped(shape) * gain).cast(to: dtype)
    }
  }

  /// The orthogonal factor U of A = P·U with a symmetric P, by Newton and Schulz: X ← 3/2·X − 1/2·X·Xᵀ·X pulls every
  /// singular value to 1 that starts between 0 and √3 (Higham, "Functions of Matrices", 2008, §8.3).
  private static func orthogonalFactor(_ a: Tensor) -> Tensor {
    if a.count == 0 { return a }
    // The largest singular value of a normal matrix exceeds √rows + √columns + t with a probability below e^(−t²/2).
    var x = a / (Double(a.shape[0]).squareRoot() + Double(a.shape[1]).squareRoot() + 4)
    let identity = Tensor.eye(a.shape[0], dtype: .float64)
    while true {
      let gram = x.matmul(x.transposed())
      x = x * 1.5 - gram.matmul(x) * 0.5
      // The error is squared at every step: the next one is at most 1e-16.
      if (gram - identity).abs().max().item() < 1e-8 { return x }
    }
  }
}
