import CKernels

extension Tensor {
  /// The same values in another dtype. To integers: towards zero, NaN to 0, saturating; to bool: x ≠ 0.
  ///
  /// Between floating dtypes the gradient is cast back; the result of any other cast has none.
  ///
  /// ```swift
  /// Tensor([1.7, -1.7]).cast(to: .int64)  // → [1, -1]
  /// ```
  public func cast(to dtype: DType) -> Tensor {
    if dtype == self.dtype { return self }
    let source = self.dtype
    let y = Tensor.copying(self, to: dtype)
    guard Tape.records(self) else { return y }
    if source.isFloatingPoint && dtype.isFloatingPoint {
      return y.recorded("cast", from: self) { g in g.cast(to: source) }
    }
    return y.recordedAsConstant("cast", from: self, because: "\(source) to \(dtype) is constant between jumps")
  }
}

extension Op {
  static let cast = Op(
    "cast", "yᵢ = xᵢ in another dtype",
    samples: [
      Sample("to float64", [.uniform([3, 5])]) { $0[0].cast(to: .float64) },
      Sample("to int64", [.uniform([3, 5], -4...4)]) { $0[0].detached().cast(to: .int64) },
      Sample("to bool", [.exactly([0, 1, -0.5])]) { $0[0].detached().cast(to: .bool) },
      Sample("from int64", [.integers([4], -3..<9)]) { $0[0].cast(to: .float64) },
      Sample("empty", [.uniform([0])]) { $0[0].cast(to: .float64) },
    ])
}
