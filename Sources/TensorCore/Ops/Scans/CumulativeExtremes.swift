import CKernels

// The largest and smallest so far along an axis.
extension Tensor {
  /// yᵢ = max(x₀, …, xᵢ) along `axis`, and where it stands. Of equals the last counts; NaN from where it first appears
  /// on.
  ///
  /// ```swift
  /// Tensor([1.0, 3.0, 2.0]).cumulativeMax(axis: 0).values  // → [1.0, 3.0, 3.0]
  /// ```
  public func cumulativeMax(axis: Int) -> (values: Tensor, indices: Tensor) {
    cumulativeExtreme(GB_SCAN_MAX, "cumulativeMax", axis)
  }

  /// yᵢ = min(x₀, …, xᵢ) along `axis`, and where it stands. Of equals the last counts; NaN from where it first appears
  /// on.
  ///
  /// ```swift
  /// Tensor([3.0, 1.0, 2.0]).cumulativeMin(axis: 0).values  // → [3.0, 1.0, 1.0]
  /// ```
  public func cumulativeMin(axis: Int) -> (values: Tensor, indices: Tensor) {
    cumulativeExtreme(GB_SCAN_MIN, "cumulativeMin", axis)
  }

  private func cumulativeExtreme(
    _ op: gb_scan_op, _ name: String, _ axis: Int
  ) -> (values: Tensor, indices: Tensor) {
    if dtype == .bool { stop(name, "bool \(shape) has no order", fix: "cast(to: .uint8) first") }
    let axis = shape.resolved(axis, for: name)
    let indices = Tensor(uninitialized: shape, dtype: .int64)
    let y = Scan.run(op, self, axis, positions: indices)
    let values = y.recorded(name, from: self) { g in
      Tensor.zeros(like: g).scatterAdded(axis: axis, indices: indices, g)
    }
    return (
      values, indices.recordedAsConstant(name, from: self, because: "a position is constant between jumps")
    )
  }
}

extension Op {
  private static func cumulative(
    _ name: String, _ formula: String, _ f: @escaping @Sendable (Tensor, Int) -> (values: Tensor, indices: Tensor)
  ) -> Op {
    Op(
      name, formula,
      samples: [
        Sample("rows", [.uniform([3, 5])]) { [f($0[0], 1).values, f($0[0], 1).indices] },
        Sample("columns", [.uniform([4, 3])]) { [f($0[0], 0).values, f($0[0], 0).indices] },
        Sample("empty", [.uniform([2, 0])]) { [f($0[0], 1).values, f($0[0], 1).indices] },
      ],
      misuses: [
        Misuse("axis", says: [name, "[2, 3]", "no axis 2"]) { _ = f(.ones([2, 3]), 2) },
        Misuse("dtype", says: [name, "bool", "order"]) { _ = f(Tensor([true]), 0) },
      ])
  }

  static let cumulativeMax = cumulative("cumulativeMax", "yᵢ = max(x₀, …, xᵢ)") { $0.cumulativeMax(axis: $1) }
  static let cumulativeMin = cumulative("cumulativeMin", "yᵢ = min(x₀, …, xᵢ)") { $0.cumulativeMin(axis: $1) }
}
