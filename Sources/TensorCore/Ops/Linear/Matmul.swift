import COneDNN

/// The matrix product, batched: C = A·B, Cᵢⱼ = Σₖ Aᵢₖ·Bₖⱼ.
///
/// [..., m, k] × [..., k, n] → [..., m, n]; the leading axes broadcast. A vector on the left counts as one row, on the
/// right as one column, and that axis disappears from the result. Integers are multiplied in float64, exactly below
/// 2⁵³. Stops when the inner sizes differ, for scalars and for bools.
///
/// ```swift
/// matmul(Tensor([[1.0, 2.0], [3.0, 4.0]]), Tensor([[1.0], [10.0]]))  // → [[21.0], [43.0]]
/// ```
public func matmul(_ a: Tensor, _ b: Tensor) -> Tensor {
  if Autocast.isOn { return Autocast.lowering(a, b) { a, b, _ in matmul(a, b) } }
  if a.dtype != b.dtype { Elementwise.stopOnDTypes("matmul", a, b) }
  guard a.rank > 0, b.rank > 0, a.dtype != .bool else {
    stop("matmul", "\(a.dtype) \(a.shape) × \(b.shape)", fix: "multiply a scalar with *, and cast bools to a number")
  }
  guard a.shape[-1] == b.shape[b.rank == 1 ? 0 : -2] else {
    stop(
      "matmul", "\(a.shape) × \(b.shape): the inner sizes \(a.shape[-1]) and \(b.shape[b.rank == 1 ? 0 : -2]) differ",
      fix: "transpose or reshape one of them so that [m, k] meets [k, n]")
  }
  if a.rank == 1 { return matmul(a.unsqueezed(0), b).squeezed(b.rank == 1 ? 0 : -2) }
  if b.rank == 1 { return matmul(a, b.unsqueezed(1)).squeezed(-1) }
  if a.rank > 2 && b.rank == 2 {
    // One large product instead of a batch of small ones, also for B's gradient.
    let (outer, m) = (a.shape.dimensions.dropLast(), a.shape[-1])
    return matmul(a.reshaped([outer.reduce(1, *), m]), b).reshaped(Shape(outer + [b.shape[-1]]))
  }
  let y = MatrixProduct.run(a, b)
  guard Tape.records(a, b) else { return y }
  return y.recorded(
    "matmul",
    from: a, { [shape = a.shape] g in matmul(g, b.transposed()).summed(to: shape) },
    from: b, { [shape = b.shape] g in matmul(a.transposed(), g).summed(to: shape) })
}

extension Tensor {
  /// The matrix product with `other`: see the function `matmul`.
  ///
  /// ```swift
  /// Tensor([[1.0, 2.0]]).matmul(Tensor([[3.0], [4.0]]))  // → [[11.0]]
  /// ```
  public func matmul(_ other: Tensor) -> Tensor { TensorCore.matmul(self, other) }
}

/// An affine map of the last axis: y = x·Wᵀ + b, with x [..., in], W [out, in] and b [out].
///
/// Stops when the sizes do not fit.
///
/// ```swift
/// linear(Tensor([[1.0, 2.0]]), Tensor([[3.0, 4.0]]), Tensor([0.5]))  // → [[11.5]]
/// ```
public func linear(_ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil) -> Tensor {
  if Autocast.isOn { return Autocast.lowering(x, weight, bias, linear) }
  guard weight.rank == 2, x.rank > 0, x.shape[-1] == weight.shape[1],
    bias?.shape == nil || bias?.shape == [weight.shape[0]]
  else {
    stop(
      "linear",
      "x \(x.shape), weight \(weight.shape)\(bias.map { ", bias \($0.shape)" } ?? "") do not fit: x·Wᵀ + b needs [..., in], [out, in], [out]",
      fix: x.rank > 2
        ? "flattened(from: 1) the input, or make the weight's second size \(x.shape[-1])"
        : "make the weight's second size the input's last, and the bias as long as its first")
  }
  if x.dtype != weight.dtype { Elementwise.stopOnDTypes("linear", x, weight) }
  if let bias, bias.dtype != x.dtype { Elementwise.stopOnDTypes("linear", x, bias) }
  if x.rank != 2 {
    let outer = x.shape.dimensions.dropLast()
    return linear(x.reshaped([outer.reduce(1, *), x.shape[-1]]), weight, bias).reshaped(
      Shape(outer + [weight.shape[0]]))
  }
  let y = MatrixProduct.run(x, weight.detached().transposed(), bias: bias)
  guard Tape.records(x, weight, bias) else { return y }
  var inputs: [(Tensor, @Sendable (Tensor) -> Tensor)] = [
    (x, { g in matmul(g, weight) }),
    (weight, { g in matmul(g.transposed(), x) }),
  ]
  if let bias { inputs.append((bias, { g in g.sum(axis: 0) })) }
  return y.recorded("linear", from: inputs)
}

/// The way from tensors to the matrix-product kernels. Nothing here is recorded.
enum MatrixProduct {
  /// Matrices of equal inner sizes; leading axes broadcast; `bias` is added to every row.
  static func run(_ a: Tensor, _ b: Tensor, bias: Tensor? = nil) -> Tensor {
    let dtype = a.dtype
    let isBFloat16 = dtype == .bfloat16 && gb_has_matmul_bf16(a.shape[-2], b.shape[-1], a.shape[-1])
    guard dtype == .float32 || dtype == .float64 || isBFloat16 else {
      let wide: DType = dtype == .bfloat16 ? .float32 : .float64
      return Tensor.copying(
        run(Tensor.copying(a, to: wide), Tensor.copying(b, to: wide), bias: bias.map { Tensor.copying($0, to: wide) }),
        to: dtype)
    }
    let (a, aRow, aColumn) = operand(a)
    let (b, bRow, bColumn) = operand(b)
    let (m, k, n) = (a.shape[-2], a.shape[-1], b.shape[-1])
    if a.rank == 2 && b.rank == 2 {
      let y = Tensor(uninitialized: [m, n], dtype: dtype)
      run(
        gb_matmul(
          m: m, n: n, k: k, a_row: aRow, a_column: aColumn, b_row: bRow, b_column: bColumn, batch: 1, a_offsets: nil,
          b_offsets: nil),
        a, b, bias, y)
      return y
    }
    let outerA = Shape(Array(a.shape.dimensions.dropLast(2)))
    let outerB = Shape(Array(b.shape.dimensions.dropLast(2)))
    guard let outer = Shape.broadcast(outerA, outerB) else { Elementwise.stopOnShapes("matmul", a.shape, b.shape) }
    let y = Tensor(uninitialized: Shape(outer.dimensions + [m, n]), dtype: dtype)
    offsets(a, outer).withUnsafeBufferPointer { aOffsets in
      offsets(b, outer).withUnsafeBufferPointer { bOffsets in
        run(
          gb_matmul(
            m: m, n: n, k: k, a_row: aRow, a_column: aColumn, b_row: bRow, b_column: bColumn, batch: outer.elementCount,
            a_offsets: aOffsets.baseAddress, b_offsets: bOffsets.baseAddress), a, b, bias, y)
      }
    }
    return y
  }

  private static func run(_ shape: gb_matmul, _ a: Tensor, _ b: Tensor, _ bias: Tensor?, _ y: Tensor) {
    let row = bias?.rowMajor()
    withUnsafePointer(to: shape) { shape in
      switch y.dtype {
      case .float32: gb_matmul_f32(shape, a.floats, b.floats, row?.floats, y.floats)
      case .bfloat16: gb_matmul_bf16(shape, a.halves, b.halves, row?.halves, y.halves)
      default: gb_matmul_f64(shape, a.doubles, b.doubles, row?.doubles, y.doubles)
      }
    }
    withExtendedLifetime(row) {}
  }

  /// A matrix that the kernels can read: one of its last two strides is 1, the other at least the row's length. Copied
  /// if not.
  private static func operand(_ x: Tensor) -> (Tensor, row: Int, column: Int) {
    let (rows, columns) = (x.shape[-2], x.shape[-1])
    let (row, column) = (x.strides[x.rank - 2], x.strides[x.rank - 1])
    if (column == 1 || columns == 1) && (row >= columns || rows == 1) {
      return (x, rows == 1 ? Swift.max(columns, 1) : row, 1)
    }
    if (row == 1 || rows == 1) && (column >= rows || columns == 1) {
      return (x, 1, columns == 1 ? Swift.max(rows, 1) : column)
    }
    return (Tensor.copying(x, to: x.dtype), Swift.max(columns, 1), 1)
  }

  /// Where each matrix of the broadcast batch begins.
  private static func offsets(_ x: Tensor, _ outer: Shape) -> [Int] {
    let leading = Tensor(
      storage: x.storage,
      layout: Layout(Shape(Array(x.shape.dimensions.dropLast(2))), strides: Array(x.strides.dropLast(2))))
    let steps = leading.broadcastStrides(to: outer)
    var result = [0]
    for (size, step) in zip(outer.dimensions, steps) {
      result = result.flatMap { start in (0..<size).map { start + $0 * step } }
    }
    return result
  }
}

extension Op {
  static let matmul = Op(
    "matmul", "Cᵢⱼ = Σₖ Aᵢₖ·Bₖⱼ",
    samples: [
      Sample("matrices", [.uniform([3, 4]), .uniform([4, 2])]) { TensorCore.matmul($0[0], $0[1]) },
      Sample("transposed views", [.uniform([4, 3]), .uniform([2, 4])]) {
        TensorCore.matmul($0[0].transposed(), $0[1].transposed())
      },
      Sample("batches", [.uniform([2, 3, 4]), .uniform([2, 4, 5])]) { TensorCore.matmul($0[0], $0[1]) },
      Sample("broadcast batches", [.uniform([2, 1, 3, 4]), .uniform([3, 4, 2])]) { TensorCore.matmul($0[0], $0[1]) },
      Sample("batch with matrix", [.uniform([2, 3, 4]), .uniform([4, 5])]) { TensorCore.matmul($0[0], $0[1]) },
      Sample("vectors", [.uniform([4]), .uniform([4])]) { TensorCore.matmul($0[0], $0[1]) },
      Sample("matrix with vector", [.uniform([3, 4]), .uniform([4])]) { TensorCore.matmul($0[0], $0[1]) },
      Sample("nothing to sum", [.uniform([3, 0]), .uniform([0, 2])]) { TensorCore.matmul($0[0], $0[1]) },
      Sample("no rows", [.uniform([0, 4]), .uniform([4, 2])]) { TensorCore.matmul($0[0], $0[1]) },
    ],
    misuses: [
      Misuse("inner sizes", says: ["matmul", "[2, 3] × [4, 5]", "3 and 4", "transpose"]) {
        _ = TensorCore.matmul(.ones([2, 3]), .ones([4, 5]))
      },
      Misuse("batches", says: ["matmul", "[2, 3, 4]", "[3, 4, 5]", "broadcast"]) {
        _ = TensorCore.matmul(.ones([2, 3, 4]), .ones([3, 4, 5]))
      },
      Misuse("scalar", says: ["matmul", "[]", "*"]) { _ = TensorCore.matmul(.ones([]), .ones([3])) },
    ])
  static let linear = Op(
    "linear", "y = x·Wᵀ + b",
    samples: [
      Sample("with bias", [.uniform([3, 4]), .uniform([2, 4]), .uniform([2])]) {
        TensorCore.linear($0[0], $0[1], $0[2])
      },
      Sample("without bias", [.uniform([3, 4]), .uniform([2, 4])]) { TensorCore.linear($0[0], $0[1]) },
      Sample("sequence", [.uniform([2, 3, 4]), .uniform([5, 4]), .uniform([5])]) {
        TensorCore.linear($0[0], $0[1], $0[2])
      },
      Sample("vector", [.uniform([4]), .uniform([2, 4]), .uniform([2])]) { TensorCore.linear($0[0], $0[1], $0[2]) },
      Sample("empty batch", [.uniform([0, 4]), .uniform([2, 4]), .uniform([2])]) {
        TensorCore.linear($0[0], $0[1], $0[2])
      },
    ],
    misuses: [
      Misuse("sizes", says: ["linear", "[2, 3]", "[5, 4]", "[out, in]"]) {
        _ = TensorCore.linear(.ones([2, 3]), .ones([5, 4]))
      }
    ])
}
