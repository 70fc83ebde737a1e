extension Tensor {
  /// The lower triangle of matrices, zeros above: elements (i, j) with j − i ≤ `offset` stay. [..., m, n] → [..., m,
  /// n].
  ///
  /// ```swift
  /// Tensor([[1.0, 2.0], [3.0, 4.0]]).lowerTriangle()  // → [[1.0, 0.0], [3.0, 4.0]]
  /// ```
  public func lowerTriangle(_ offset: Int = 0) -> Tensor { triangle("lowerTriangle") { $0 .<= Double(offset) } }

  /// The upper triangle of matrices, zeros below: elements (i, j) with j − i ≥ `offset` stay. [..., m, n] → [..., m,
  /// n].
  ///
  /// ```swift
  /// Tensor([[1.0, 2.0], [3.0, 4.0]]).upperTriangle(1)  // → [[0.0, 2.0], [0.0, 0.0]]
  /// ```
  public func upperTriangle(_ offset: Int = 0) -> Tensor { triangle("upperTriangle") { $0 .>= Double(offset) } }

  /// The elements whose distance j − i from the diagonal `keeps` wants.
  private func triangle(_ op: String, _ keeps: (Tensor) -> Tensor) -> Tensor {
    if rank < 2 { stop(op, "shape \(shape) is no matrix", fix: "pass [..., rows, columns]") }
    let rows = Tensor.range(0, Double(shape[-2]), dtype: .int64).unsqueezed(1)
    let kept = keeps(Tensor.range(0, Double(shape[-1]), dtype: .int64) - rows)
    return Tensor.where(kept, self, Tensor.zeros([], dtype: dtype))
  }
}

extension Op {
  static let lowerTriangle = triangle("lowerTriangle", "aᵢⱼ for j − i ≤ offset, else 0") { $0.lowerTriangle($1) }
  static let upperTriangle = triangle("upperTriangle", "aᵢⱼ for j − i ≥ offset, else 0") { $0.upperTriangle($1) }

  private static func triangle(
    _ name: String, _ formula: String, _ f: @escaping @Sendable (Tensor, Int) -> Tensor
  ) -> Op {
    Op(
      name, formula,
      samples: [
        Sample("square", [.uniform([3, 3])]) { f($0[0], 0) },
        Sample("wide batch", [.uniform([2, 2, 4])]) { f($0[0], 1) },
        Sample("tall", [.uniform([4, 2])]) { f($0[0], -2) },
        Sample("empty", [.uniform([0, 3])]) { f($0[0], 0) },
      ],
      misuses: [Misuse("no matrix", says: [name, "[3]", "no matrix"]) { _ = f(.ones([3]), 0) }])
  }
}
