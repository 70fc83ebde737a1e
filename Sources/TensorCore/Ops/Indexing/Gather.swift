import CKernels

// Choosing elements by position: along one axis by a list (indexSelect), or element by element (gather), and their transposes, which
// add. Positions are int64; negative ones count from the end.
extension Tensor {
  /// The slices of `axis` at the given positions: y[…, j, …] = x[…, indices[j], …]. `indices` is a vector of int64.
  ///
  /// ```swift
  /// Tensor([[1.0, 2.0], [3.0, 4.0]]).indexSelected(axis: 0, indices: Tensor([1, 1]))  // → [[3.0, 4.0], [3.0, 4.0]]
  /// ```
  public func indexSelected(axis: Int, indices: Tensor) -> Tensor {
    let axis = shape.resolved(axis, for: "indexSelected")
    let positions = indices.positions("indexSelected", below: shape.dimensions[axis], in: shape, axis: axis)
    guard positions.rank == 1 else {
      stop(
        "indexSelected", "the indices have shape \(indices.shape)",
        fix: "pass a vector; gathered(axis:indices:) takes any shape")
    }
    var sizes = shape.dimensions
    sizes[axis] = positions.count
    let y = Tensor(uninitialized: Shape(sizes), dtype: dtype)
    let x = rowMajor()
    let (outer, inner) = around(axis)
    _ = kernels.index_select(
      dtype.code, outer, shape.dimensions[axis], inner, positions.count, x.pointer, positions.int64Pointer, y.pointer)
    guard Tape.records(self) else { return y }
    return y.recorded("indexSelected", from: self) { [shape] g in
      Tensor.zeros(shape, dtype: g.dtype).indexAdded(axis: axis, indices: positions, g)
    }
  }

  /// A copy with `source`'s slices added at the given positions of `axis`: y[…, indices[j], …] += source[…, j, …].
  /// Positions may repeat.
  ///
  /// ```swift
  /// Tensor.zeros([3]).indexAdded(axis: 0, indices: Tensor([2, 2]), Tensor([1.0, 4.0]))  // → [0.0, 0.0, 5.0]
  /// ```
  public func indexAdded(axis: Int, indices: Tensor, _ source: Tensor) -> Tensor {
    let axis = shape.resolved(axis, for: "indexAdded")
    let positions = indices.positions("indexAdded", below: shape.dimensions[axis], in: shape, axis: axis)
    var expected = shape.dimensions
    expected[axis] = positions.count
    if source.dtype != dtype { Elementwise.stopOnDTypes("indexAdded", self, source) }
    guard positions.rank == 1, source.shape == Shape(expected) else {
      stop(
        "indexAdded", "indices \(indices.shape) and source \(source.shape) do not fit \(shape) along axis \(axis)",
        fix: "pass a vector of indices and a source of shape \(expected)")
    }
    let y = Tensor.copying(self, to: dtype)
    let x = source.rowMajor()
    let (outer, inner) = around(axis)
    _ = kernels.index_add(
      dtype.code, outer, shape.dimensions[axis], inner, positions.count, x.pointer, positions.int64Pointer, y.pointer)
    guard Tape.records(self, source) else { return y }
    return y.recorded(
      "indexAdded",
      from: self, { g in g },
      from: source, { g in g.indexSelected(axis: axis, indices: positions) })
  }

  /// One element per index: y[i, j, k] = x[i, indices[i, j, k], k] for axis 1. `indices` has this tensor's shape but
  /// for `axis`.
  ///
  /// ```swift
  /// let scores = Tensor([[1.0, 2.0], [3.0, 4.0]])
  /// scores.gathered(axis: 1, indices: Tensor([[0], [1]]))  // → [[1.0], [4.0]]
  /// ```
  public func gathered(axis: Int, indices: Tensor) -> Tensor {
    let axis = shape.resolved(axis, for: "gathered")
    let positions = indices.positions("gathered", below: shape.dimensions[axis], in: shape, axis: axis)
    requireMatch("gathered", positions.shape, axis)
    let y = Tensor(uninitialized: positions.shape, dtype: dtype)
    let x = rowMajor()
    let (outer, inner) = around(axis)
    _ = kernels.gather(
      dtype.code, outer, shape.dimensions[axis], inner, positions.shape.dimensions[axis], x.pointer,
      positions.int64Pointer, y.pointer)
    guard Tape.records(self) else { return y }
    return y.recorded("gathered", from: self) { [shape] g in
      Tensor.zeros(shape, dtype: g.dtype).scatterAdded(axis: axis, indices: positions, g)
    }
  }

  /// A copy with each element of `source` added where its index says: y[i, indices[i, j, k], k] += source[i, j, k] for
  /// axis 1. The transpose of `gathered`.
  ///
  /// ```swift
  /// Tensor.zeros([3]).scatterAdded(axis: 0, indices: Tensor([0, 0]), Tensor([1.0, 4.0]))  // → [5.0, 0.0, 0.0]
  /// ```
  public func scatterAdded(axis: Int, indices: Tensor, _ source: Tensor) -> Tensor {
    let axis = shape.resolved(axis, for: "scatterAdded")
    let positions = checkedScatter("scatterAdded", axis, indices, source)
    let y = Tensor.copying(self, to: dtype)
    let x = source.rowMajor()
    let (outer, inner) = around(axis)
    _ = kernels.scatter_add(
      dtype.code, outer, shape.dimensions[axis], inner, positions.shape.dimensions[axis], x.pointer,
      positions.int64Pointer, y.pointer)
    guard Tape.records(self, source) else { return y }
    return y.recorded(
      "scatterAdded",
      from: self, { g in g },
      from: source, { g in g.gathered(axis: axis, indices: positions) })
  }

  /// The positions to write `source` at, once its dtype and the shapes have been found to fit.
  func checkedScatter(_ op: String, _ axis: Int, _ indices: Tensor, _ source: Tensor) -> Tensor {
    let positions = indices.positions(op, below: shape.dimensions[axis], in: shape, axis: axis)
    requireMatch(op, positions.shape, axis)
    if source.dtype != dtype { Elementwise.stopOnDTypes(op, self, source) }
    guard source.shape == positions.shape else {
      stop(op, "the source has shape \(source.shape), the indices \(indices.shape)", fix: "make them equal")
    }
    return positions
  }

  /// The positions of the true elements, row by row: [how many, rank]. Stops unless the dtype is bool.
  ///
  /// ```swift
  /// Tensor([[false, true], [true, false]]).nonzero()  // → [[0, 1], [1, 0]]
  /// ```
  public func nonzero() -> Tensor {
    let flat = truePositions("nonzero")
    var rest = flat.scalars(as: Int.self)
    var columns: [[Int]] = []
    for size in shape.dimensions.reversed() {
      columns.append(rest.map { $0 % Swift.max(size, 1) })
      rest = rest.map { $0 / Swift.max(size, 1) }
    }
    let rows = (0..<flat.count).flatMap { row in columns.reversed().map { $0[row] } }
    return Tensor(rows, shape: [flat.count, rank])
      .recordedAsConstant("nonzero", from: self, because: "a position is constant between jumps")
  }

  /// The row-major positions of the true elements, as a vector.
  func truePositions(_ op: String) -> Tensor {
    if dtype != .bool { stop(op, "\(dtype) \(shape) is not a bool tensor", fix: "compare it with a number first") }
    let mask = rowMajor()
    let found = kernels.nonzero(count, mask.pointer, nil)
    let positions = Tensor(uninitialized: [found], dtype: .int64)
    _ = kernels.nonzero(count, mask.pointer, positions.int64Pointer)
    return positions
  }

  /// The products of the sizes before and after an axis.
  func around(_ axis: Int) -> (outer: Int, inner: Int) {
    (shape.dimensions[..<axis].reduce(1, *), shape.dimensions[(axis + 1)...].reduce(1, *))
  }

  private func requireMatch(_ op: String, _ indices: Shape, _ axis: Int) {
    let fits =
      indices.rank == rank && (0..<rank).allSatisfy { $0 == axis || indices.dimensions[$0] == shape.dimensions[$0] }
    if !fits {
      stop(
        op, "indices of shape \(indices) do not fit \(shape) along axis \(axis)",
        fix: "make all other sizes equal to the tensor's")
    }
  }

  /// These indices as contiguous int64, checked, with negative ones resolved.
  private func positions(_ op: String, below size: Int, in shape: Shape, axis: Int) -> Tensor {
    guard dtype.isInteger else {
      stop(op, "indices are \(dtype) \(self.shape)", fix: "cast(to: .int64) first")
    }
    let row = dtype == .int64 ? rowMajor() : Tensor.copying(self, to: .int64)
    if row.count == 0 { return row.detached() }
    let lowest = Reduction.run(GB_MIN, row, axes: Array(0..<row.rank), keepingDimensions: false, result: .int64).item(
      Int.self)
    let highest = Reduction.run(GB_MAX, row, axes: Array(0..<row.rank), keepingDimensions: false, result: .int64).item(
      Int.self)
    guard lowest >= -size, highest < size else {
      stop(
        op, "index \(lowest < -size ? lowest : highest) is outside axis \(axis) of \(shape)",
        fix: "use indices in \(-size)..<\(size)")
    }
    return lowest >= 0 ? row.detached() : Tensor.where(row .< 0, row + Double(size), row)
  }
}

extension Op {
  static let indexSelected = Op(
    "indexSelected", "y[…, j, …] = x[…, indices[j], …]",
    samples: [
      Sample("rows", [.uniform([4, 3]), .integers([5], -4..<4)]) { $0[0].indexSelected(axis: 0, indices: $0[1]) },
      Sample("columns", [.uniform([2, 4, 3]), .integers([2], 0..<4)]) { $0[0].indexSelected(axis: 1, indices: $0[1]) },
      Sample("none", [.uniform([4, 3]), .integers([0], 0..<4)]) { $0[0].indexSelected(axis: 0, indices: $0[1]) },
    ],
    misuses: [
      Misuse("range", says: ["indexSelected", "index 5", "[3]", "-3..<3"]) {
        _ = Tensor.ones([3]).indexSelected(axis: 0, indices: Tensor([5]))
      },
      Misuse("dtype", says: ["indexSelected", "float32", "int64"]) {
        _ = Tensor.ones([3]).indexSelected(axis: 0, indices: .ones([1]))
      },
    ])
  static let indexAdded = Op(
    "indexAdded", "y[…, indices[j], …] += source[…, j, …]",
    samples: [
      Sample("rows", [.uniform([4, 3]), .integers([5], 0..<4), .uniform([5, 3])]) {
        $0[0].indexAdded(axis: 0, indices: $0[1], $0[2])
      },
      Sample("none", [.uniform([4, 3]), .integers([0], 0..<4), .uniform([0, 3])]) {
        $0[0].indexAdded(axis: 0, indices: $0[1], $0[2])
      },
    ],
    misuses: [
      Misuse("source", says: ["indexAdded", "[3]", "[2]", "[1]"]) {
        _ = Tensor.ones([3]).indexAdded(axis: 0, indices: Tensor([0]), .ones([2]))
      }
    ])
  static let gathered = Op(
    "gathered", "y[i, j] = x[i, indices[i, j]]",
    samples: [
      Sample("rows", [.uniform([3, 4]), .integers([3, 2], -4..<4)]) { $0[0].gathered(axis: 1, indices: $0[1]) },
      Sample("columns", [.uniform([3, 4]), .integers([5, 4], 0..<3)]) { $0[0].gathered(axis: 0, indices: $0[1]) },
      Sample("none", [.uniform([3, 4]), .integers([3, 0], 0..<4)]) { $0[0].gathered(axis: 1, indices: $0[1]) },
    ],
    misuses: [
      Misuse("shape", says: ["gathered", "[3, 1]", "[2, 4]", "axis 1"]) {
        _ = Tensor.ones([2, 4]).gathered(axis: 1, indices: Tensor.zeros([3, 1], dtype: .int64))
      }
    ])
  static let scatterAdded = Op(
    "scatterAdded", "y[i, indices[i, j]] += source[i, j]",
    samples: [
      Sample("rows", [.uniform([3, 4]), .integers([3, 6], 0..<4), .uniform([3, 6])]) {
        $0[0].scatterAdded(axis: 1, indices: $0[1], $0[2])
      },
      Sample("none", [.uniform([3, 4]), .integers([3, 0], 0..<4), .uniform([3, 0])]) {
        $0[0].scatterAdded(axis: 1, indices: $0[1], $0[2])
      },
    ],
    misuses: [
      Misuse("source", says: ["scatterAdded", "[2, 2]", "[2, 1]"]) {
        _ = Tensor.ones([2, 4]).scatterAdded(axis: 1, indices: Tensor.zeros([2, 1], dtype: .int64), .ones([2, 2]))
      }
    ])
  static let nonzero = Op(
    "nonzero", "the positions of the true elements", derivative: .none,
    samples: [
      Sample("matrix", [.bools([3, 4])]) { $0[0].nonzero() },
      Sample("empty", [.bools([0, 4])]) { $0[0].nonzero() },
    ],
    misuses: [Misuse("dtype", says: ["nonzero", "float32", "bool"]) { _ = Tensor.ones([2]).nonzero() }])
}
