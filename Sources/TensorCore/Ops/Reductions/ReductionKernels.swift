import CKernels

/// The way from tensors to the reduction kernels. Nothing here is recorded.
enum Reduction {
  /// Reduces the given axes (ascending, distinct), in row-major order of what is left.
  static func run(
    _ op: gb_reduce_op, _ x: Tensor, axes: [Int], keepingDimensions: Bool, result: DType
  ) -> Tensor {
    let y = Tensor(uninitialized: x.shape.removing(axes, keepingDimensions: keepingDimensions), dtype: result)
    let (rows, outer, n, inner) = arranged(x, axes)
    kernels.reduce(op, x.dtype.code, outer, n, inner, rows.pointer, y.pointer)
    return y
  }

  /// x as contiguous [outer, n, inner] with the reduced axes in the middle; copied when they are not neighbours.
  private static func arranged(_ x: Tensor, _ axes: [Int]) -> (Tensor, Int, Int, Int) {
    let sizes = x.shape.dimensions
    guard let first = axes.first, let last = axes.last else { return (x.rowMajor(), x.count, 1, 1) }
    if last - first == axes.count - 1 {
      return (
        x.rowMajor(), sizes[..<first].reduce(1, *), sizes[first...last].reduce(1, *), sizes[(last + 1)...].reduce(1, *)
      )
    }
    let kept = (0..<x.rank).filter { !axes.contains($0) }
    let moved = x.detached().permuted(kept + axes).rowMajor()
    return (moved, kept.reduce(1) { $0 * sizes[$1] }, axes.reduce(1) { $0 * sizes[$1] }, 1)
  }

  /// Stops when a reduction without a neutral element has nothing to reduce.
  static func requireElements(_ op: String, _ x: Tensor, _ axes: [Int]) {
    if axes.contains(where: { x.shape.dimensions[$0] == 0 })
      && x.shape.removing(axes, keepingDimensions: false).elementCount > 0
    {
      stop(op, "shape \(x.shape) has no elements along axes \(axes)", fix: "check for an empty tensor first")
    }
  }
}

extension Tensor {
  /// Row-major and off the tape, for a kernel to read.
  @inline(__always)
  func rowMajor() -> Tensor { layout.isContiguous ? self : Tensor.copying(self, to: dtype) }
}
