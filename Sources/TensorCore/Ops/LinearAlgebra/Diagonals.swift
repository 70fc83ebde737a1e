extension Tensor {
  /// The diagonal of axes `a` and `b`: elements (i, i + offset), along a new last axis in the place of the two. A view.
  ///
  /// ```swift
  /// Tensor([[1.0, 2.0], [3.0, 4.0]]).diagonal()  // → [1.0, 4.0]
  /// Tensor([[1.0, 2.0], [3.0, 4.0]]).diagonal(offset: 1)  // → [2.0]
  /// ```
  public func diagonal(offset: Int = 0, _ a: Int = -2, _ b: Int = -1) -> Tensor {
    let (a, b) = (shape.resolved(a, for: "diagonal"), shape.resolved(b, for: "diagonal"))
    if a == b { stop("diagonal", "axis \(a) of \(shape) is named twice", fix: "name two axes") }
    var (sizes, steps) = (shape.dimensions, strides)
    let (rows, columns) = (sizes[a], sizes[b])
    let length = Swift.max(0, Swift.min(rows + Swift.min(offset, 0), columns - Swift.max(offset, 0)))
    let start = length == 0 ? 0 : offset > 0 ? offset * steps[b] : -offset * steps[a]
    let step = steps[a] + steps[b]
    for axis in [Swift.max(a, b), Swift.min(a, b)] {
      sizes.remove(at: axis)
      steps.remove(at: axis)
    }
    let y = Tensor(
      storage: storage, layout: Layout(Shape(sizes + [length]), strides: steps + [step]), offset: self.offset + start)
    guard Tape.records(self) else { return y }
    return y.recorded("diagonal", from: self) { g in
      g.asDiagonal(rows, columns, offset: offset).movedFromEnd(to: a, b)
    }
  }

  /// Square matrices with the last axis on their diagonal, `offset` places right of the main one, and zeros elsewhere:
  /// [..., n] → [..., n + |offset|, n + |offset|].
  ///
  /// ```swift
  /// Tensor([1.0, 2.0]).diagonalMatrix()  // → [[1.0, 0.0], [0.0, 2.0]]
  /// ```
  public func diagonalMatrix(offset: Int = 0) -> Tensor {
    if rank == 0 { stop("diagonalMatrix", "a scalar has no axis", fix: "pass [..., n]") }
    let size = shape[-1] + Int(offset.magnitude)
    return asDiagonal(size, size, offset: offset)
  }

  /// The sum of the diagonal of matrices: Σᵢ aᵢᵢ. [..., m, n] → [...].
  ///
  /// ```swift
  /// Tensor([[1.0, 2.0], [3.0, 4.0]]).trace()  // → 5.0
  /// ```
  public func trace() -> Tensor {
    if rank < 2 { stop("trace", "shape \(shape) is no matrix", fix: "pass [..., rows, columns]") }
    return diagonal().sum(axis: -1)
  }

  /// Zeros [..., rows, columns] with this on a diagonal: the transpose of `diagonal`.
  private func asDiagonal(_ rows: Int, _ columns: Int, offset: Int) -> Tensor {
    let y = Tensor.zeros(Shape(shape.dimensions.dropLast() + [rows, columns]), dtype: dtype)
    if count > 0 {
      let steps = y.strides.dropLast(2) + [columns + 1]
      copyElements(into: y, strides: Array(steps), at: offset > 0 ? offset : -offset * columns)
    }
    guard Tape.records(self) else { return y }
    return y.recorded("diagonalMatrix", from: self) { g in g.diagonal(offset: offset) }
  }

  /// The last two axes put at places a and b. A view.
  private func movedFromEnd(to a: Int, _ b: Int) -> Tensor {
    var others = Array(0..<(rank - 2)).makeIterator()
    return permuted((0..<rank).map { $0 == a ? rank - 2 : $0 == b ? rank - 1 : others.next() ?? 0 })
  }
}

extension Op {
  static let diagonal = Op(
    "diagonal", "aᵢᵢ",
    samples: [
      Sample("square", [.uniform([3, 3])]) { $0[0].diagonal() },
      Sample("above", [.uniform([2, 3, 4])]) { $0[0].diagonal(offset: 2) },
      Sample("below", [.uniform([4, 3])]) { $0[0].diagonal(offset: -1) },
      Sample("other axes", [.uniform([3, 2, 4])]) { $0[0].diagonal(offset: 1, 2, 0) },
      Sample("outside", [.uniform([2, 3])]) { $0[0].diagonal(offset: 3) },
    ],
    misuses: [
      Misuse("axis", says: ["diagonal", "[3]", "no axis"]) { _ = Tensor.ones([3]).diagonal() },
      Misuse("axis twice", says: ["diagonal", "[2, 3]", "twice"]) { _ = Tensor.ones([2, 3]).diagonal(1, -1) },
    ])
  static let diagonalMatrix = Op(
    "diagonalMatrix", "diag(x)",
    samples: [
      Sample("vector", [.uniform([3])]) { $0[0].diagonalMatrix() },
      Sample("batch above", [.uniform([2, 2])]) { $0[0].diagonalMatrix(offset: 1) },
      Sample("below", [.uniform([2])]) { $0[0].diagonalMatrix(offset: -2) },
      Sample("empty", [.uniform([0])]) { $0[0].diagonalMatrix() },
    ],
    misuses: [Misuse("scalar", says: ["diagonalMatrix", "scalar"]) { _ = Tensor.ones([]).diagonalMatrix() }])
  static let trace = Op(
    "trace", "Σᵢ aᵢᵢ",
    samples: [
      Sample("square", [.uniform([3, 3])]) { $0[0].trace() },
      Sample("wide batch", [.uniform([2, 2, 3])]) { $0[0].trace() },
      Sample("empty", [.uniform([0, 3])]) { $0[0].trace() },
    ],
    misuses: [Misuse("vector", says: ["trace", "[3]", "no matrix"]) { _ = Tensor.ones([3]).trace() }])
}
