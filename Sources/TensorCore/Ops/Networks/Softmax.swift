import CKernels

extension Tensor {
  /// The softmax along `axis`: yᵢ = e^xᵢ / Σⱼ e^xⱼ, computed after subtracting the maximum.
  ///
  /// ```swift
  /// Tensor([[0.0, 0.0]]).softmax(axis: 1)  // → [[0.5, 0.5]]
  /// ```
  public func softmax(axis: Int = -1) -> Tensor {
    alongLast("softmax", axis) { x in
      let y = x.rows(kernels.softmax)
      return y.recorded(
        "softmax", from: x,
        usingOutput: { g, y in
          Tape.records(g, y)
            ? y * (g - (g * y).sum(axis: -1, keepingDimensions: true)) : g.rows(kernels.softmax_gradient, y)
        })
    }
  }

  /// The logarithm of the softmax along `axis`: yᵢ = xᵢ − ln Σⱼ e^xⱼ, exact where the softmax itself underflows.
  ///
  /// ```swift
  /// Tensor([[0.0, 0.0]]).logSoftmax()  // → [[-0.6931472, -0.6931472]]
  /// ```
  public func logSoftmax(axis: Int = -1) -> Tensor {
    alongLast("logSoftmax", axis) { x in
      let y = x.rows(kernels.log_softmax)
      return y.recorded(
        "logSoftmax", from: x,
        usingOutput: { g, y in
          Tape.records(g, y)
            ? g - y.exp() * g.sum(axis: -1, keepingDimensions: true) : g.rows(kernels.log_softmax_gradient, y)
        })
    }
  }

  /// Applies a function of the last axis to any axis.
  private func alongLast(_ op: String, _ axis: Int, _ f: (Tensor) -> Tensor) -> Tensor {
    Elementwise.requireFloatingPoint(op, self)
    let axis = shape.resolved(axis, for: op)
    return axis == rank - 1 ? f(self) : f(transposed(axis, -1)).transposed(axis, -1)
  }

  private typealias RowKernel = (gb_dtype, Int, Int, UnsafeRawPointer?, UnsafeMutableRawPointer?) -> Void
  private typealias RowKernel2 = (gb_dtype, Int, Int, UnsafeRawPointer?, UnsafeRawPointer?, UnsafeMutableRawPointer?) ->
    Void

  private func rows(_ kernel: RowKernel) -> Tensor {
    let x = rowMajor()
    let y = Tensor(uninitialized: x.layout, dtype: dtype)
    let n = shape[-1]
    if count > 0 { kernel(dtype.code, count / n, n, x.pointer, y.pointer) }
    return y
  }

  private func rows(_ kernel: RowKernel2, _ other: Tensor) -> Tensor {
    let (a, b) = (rowMajor(), other.rowMajor())
    let y = Tensor(uninitialized: a.layout, dtype: dtype)
    let n = shape[-1]
    if count > 0 { kernel(dtype.code, count / n, n, a.pointer, b.pointer, y.pointer) }
    return y
  }
}

extension Op {
  static let softmax = rowFunction("softmax", "yᵢ = e^xᵢ/Σⱼ e^xⱼ") { $0.softmax(axis: $1) }
  static let logSoftmax = rowFunction("logSoftmax", "yᵢ = xᵢ − ln Σⱼ e^xⱼ") { $0.logSoftmax(axis: $1) }

  private static func rowFunction(_ name: String, _ formula: String, _ f: @escaping @Sendable (Tensor, Int) -> Tensor)
    -> Op
  {
    Op(
      name, formula,
      samples: [
        Sample("last axis", [.uniform([3, 5])]) { f($0[0], -1) },
        Sample("first axis", [.uniform([3, 5])]) { f($0[0], 0) },
        Sample("large numbers", [.uniform([2, 4], 990...1010)]) { f($0[0], 1) },
        Sample("no rows", [.uniform([0, 5])]) { f($0[0], 1) },
      ],
      misuses: [
        Misuse("axis", says: [name, "[2, 3]", "no axis 2"]) { _ = f(.ones([2, 3]), 2) },
        Misuse("dtype", says: [name, "int64", "cast(to: .float32)"]) { _ = f(Tensor([[1, 2]]), 1) },
      ])
  }
}
