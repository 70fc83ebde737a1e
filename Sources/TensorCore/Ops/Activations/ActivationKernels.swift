import CKernels

/// The way from tensors to the fused kernels of activations y = f(x; p, q).
enum Activation {
  static func value(_ op: gb_activation, _ name: String, _ x: Tensor, _ p: Double = 0, _ q: Double = 0) -> Tensor {
    Elementwise.requireFloatingPoint(name, x)
    let x = x.rowMajor()
    let y = Tensor(uninitialized: x.layout, dtype: x.dtype)
    kernels.activation(op, x.dtype.code, x.count, x.pointer, p, q, y.pointer)
    return y
  }

  /// The value, recorded with the fused derivative; `composite` is the same function in ops, which a recorded backward
  /// pass takes.
  static func recorded(
    _ op: gb_activation, _ name: String, _ x: Tensor, _ p: Double = 0, _ q: Double = 0,
    composite: @escaping @Sendable (Tensor) -> Tensor
  ) -> Tensor {
    let y = value(op, name, x, p, q)
    guard Tape.records(x) else { return y }
    return y.recorded(name, from: x) { g in
      if Tape.records(g, x) {
        return Tape.gradientsOfComposite([x], from: g) { composite($0[0]) }[0] ?? Tensor.zeros(like: x)
      }
      let (g, x) = (g.rowMajor(), x.rowMajor())
      let dx = Tensor(uninitialized: x.layout, dtype: x.dtype)
      kernels.activation_gradient(op, x.dtype.code, x.count, g.pointer, x.pointer, p, q, dx.pointer)
      return dx
    }
  }
}
