import CKernels

/// The way from tensors to the element-wise kernels: layouts, broadcasting, the dtype of the result. Nothing here is
/// recorded.
enum Elementwise {
  static func unary(_ op: gb_unary_op, _ x: Tensor, result: DType? = nil) -> Tensor {
    let x = x.layout.isContiguous ? x : Tensor.copying(x, to: x.dtype)
    let y = Tensor(uninitialized: x.layout, dtype: result ?? x.dtype)
    kernels.unary(op, x.dtype.code, x.count, x.pointer, y.pointer)
    return y
  }

  /// The same for functions of floating-point tensors alone.
  static func floating(_ op: gb_unary_op, _ name: String, _ x: Tensor) -> Tensor {
    if !x.dtype.isFloatingPoint { requireFloatingPoint(name, x) }
    return unary(op, x)
  }

  static func binary(
    _ op: gb_binary_op, _ name: @autoclosure () -> String, _ a: Tensor, _ b: Tensor, result: DType? = nil
  ) -> Tensor {
    let dtype = a.dtype
    if dtype != b.dtype { stopOnDTypes(name(), a, b) }
    if a.layout.isContiguous && b.layout.isContiguous {
      if a.layout === b.layout || a.layout.shape == b.layout.shape {
        let y = Tensor(uninitialized: a.layout, dtype: result ?? dtype)
        kernels.binary_flat(op, dtype.code, y.count, 1, a.pointer, 1, b.pointer, y.pointer)
        return y
      }
      if b.count == 1 && b.rank <= a.rank {
        let y = Tensor(uninitialized: a.layout, dtype: result ?? dtype)
        kernels.binary_flat(op, dtype.code, y.count, 1, a.pointer, 0, b.pointer, y.pointer)
        return y
      }
      if a.count == 1 && a.rank <= b.rank {
        let y = Tensor(uninitialized: b.layout, dtype: result ?? dtype)
        kernels.binary_flat(op, dtype.code, y.count, 0, a.pointer, 1, b.pointer, y.pointer)
        return y
      }
    }
    guard let shape = Shape.broadcast(a.shape, b.shape) else { stopOnShapes(name(), a.shape, b.shape) }
    let y = Tensor(uninitialized: shape, dtype: result ?? dtype)
    kernels.binary(
      op, dtype.code, shape.rank, shape.dimensions, a.broadcastStrides(to: shape), a.pointer,
      b.broadcastStrides(to: shape), b.pointer, y.pointer)
    return y
  }

  /// A tensor with a number, which takes the tensor's dtype; `reversed`: the number stands on the left.
  static func binary(
    _ op: gb_binary_op, _ name: @autoclosure () -> String, _ x: Tensor, _ scalar: Double, reversed: Bool = false,
    result: DType? = nil
  ) -> Tensor {
    let x = x.layout.isContiguous ? x : Tensor.copying(x, to: x.dtype)
    let dtype = x.dtype
    if !dtype.isFloatingPoint, scalar != scalar.rounded(.towardZero) || abs(scalar) > 0x1p63 {
      stop(name(), "\(scalar) is not a number that \(dtype) can hold", fix: "cast(to: .float32) first")
    }
    var bits: UInt64 = 0
    let y = Tensor(uninitialized: x.layout, dtype: result ?? dtype)
    withUnsafeMutableBytes(of: &bits) { place in
      guard let place = place.baseAddress else { return }
      kernels.fill(dtype.code, 1, scalar, place)
      if reversed {
        kernels.binary_flat(op, dtype.code, x.count, 0, place, 1, x.pointer, y.pointer)
      } else {
        kernels.binary_flat(op, dtype.code, x.count, 1, x.pointer, 0, place, y.pointer)
      }
    }
    return y
  }

  @inline(never)
  static func stopOnDTypes(_ op: String, _ a: Tensor, _ b: Tensor) -> Never {
    stop(
      op, "\(a.dtype) \(a.shape) meets \(b.dtype) \(b.shape)",
      fix: "use .cast(to: .\(a.dtype)) on the second or .cast(to: .\(b.dtype)) on the first")
  }

  @inline(never)
  static func stopOnShapes(_ op: String, _ a: Shape, _ b: Shape) -> Never {
    stop(
      op, "shapes \(a) and \(b) do not broadcast: aligned at the last axis, sizes must be equal or 1",
      fix: "reshape one of them, or check which axis is meant")
  }

  /// Stops unless two tensors share a dtype and broadcast.
  static func check(_ op: String, _ a: Tensor, _ b: Tensor) {
    if a.dtype != b.dtype { stopOnDTypes(op, a, b) }
    if Shape.broadcast(a.shape, b.shape) == nil { stopOnShapes(op, a.shape, b.shape) }
  }

  @inline(never)
  static func requireFloatingPoint(_ op: String, _ x: Tensor) {
    if !x.dtype.isFloatingPoint {
      stop(op, "\(x.dtype) \(x.shape) is not a floating-point tensor", fix: "cast(to: .float32) first")
    }
  }
}

extension Tensor {
  /// This tensor's strides when it is read as `shape`: 0 along dimensions that are repeated.
  func broadcastStrides(to shape: Shape) -> [Int] {
    if self.shape == shape { return strides }
    var result = [Int](repeating: 0, count: shape.rank)
    let missing = shape.rank - rank
    for axis in 0..<rank where self.shape.dimensions[axis] != 1 { result[missing + axis] = strides[axis] }
    return result
  }

  /// Sums over what broadcasting repeated, back to `shape`: the gradient of a broadcast.
  func summed(to shape: Shape) -> Tensor {
    if self.shape == shape { return self }
    let missing = self.shape.rank - shape.rank
    let axes = (0..<self.shape.rank).filter { axis in
      axis < missing || (shape.dimensions[axis - missing] == 1 && self.shape.dimensions[axis] != 1)
    }
    return sum(axes: axes, keepingDimensions: true).reshaped(shape)
  }
}
