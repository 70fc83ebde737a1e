import CKernels

// Joining, splitting, padding and flipping.
extension Tensor {
  /// The tensors one after another along `axis`; all other sizes and the dtypes must agree.
  ///
  /// ```swift
  /// Tensor.concatenated([Tensor([[1.0, 2.0]]), Tensor([[3.0, 4.0]])], axis: 0)  // → [[1.0, 2.0], [3.0, 4.0]]
  /// ```
  public static func concatenated(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    guard let first = tensors.first else { stop("concatenated", "there are no tensors", fix: "pass one or more") }
    let axis = first.shape.resolved(axis, for: "concatenated")
    var sizes = first.shape.dimensions
    sizes[axis] = 0
    if tensors.contains(where: { $0.dtype != first.dtype }) {
      return Autocast.promoting("concatenated", tensors) { concatenated($0, axis: axis) }
    }
    for tensor in tensors {
      let fits =
        tensor.rank == first.rank
        && (0..<first.rank).allSatisfy { $0 == axis || tensor.shape.dimensions[$0] == sizes[$0] }
      guard fits else {
        stop(
          "concatenated", "shapes \(first.shape) and \(tensor.shape) differ outside axis \(axis)",
          fix: "make all other sizes equal")
      }
      sizes[axis] += tensor.shape.dimensions[axis]
    }
    let y = Tensor(uninitialized: Shape(sizes), dtype: first.dtype)
    var start = 0
    var starts: [Int] = []
    for tensor in tensors {
      let size = tensor.shape.dimensions[axis]
      tensor.copyElements(into: y, strides: y.strides, at: start * y.strides[axis])
      starts.append(start)
      start += size
    }
    guard Tape.records(tensors) else { return y }
    return y.recorded(
      "concatenated",
      from: zip(tensors, starts).map { tensor, start in
        let end = start + tensor.shape.dimensions[axis]
        return (tensor, { g in g.sliced(axis: axis, from: start, to: end) })
      })
  }

  /// The tensors, all of one shape, side by side along a new axis.
  ///
  /// ```swift
  /// Tensor.stacked([Tensor([1.0, 2.0]), Tensor([3.0, 4.0])], axis: 1)  // → [[1.0, 3.0], [2.0, 4.0]]
  /// ```
  public static func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    guard let first = tensors.first else { stop("stacked", "there are no tensors", fix: "pass one or more") }
    for tensor in tensors where tensor.shape != first.shape {
      stop("stacked", "shapes \(first.shape) and \(tensor.shape) differ", fix: "make all shapes equal")
    }
    let place = axis < 0 ? axis + first.rank + 1 : axis
    return concatenated(tensors.map { $0.unsqueezed(place) }, axis: place)
  }

  /// Pieces along `axis` of the given sizes, which must add up to the axis. Views.
  ///
  /// ```swift
  /// Tensor([1, 2, 3]).split(sizes: [1, 2])[1]  // → [2, 3]
  /// ```
  public func split(sizes: [Int], axis: Int = 0) -> [Tensor] {
    let axis = shape.resolved(axis, for: "split")
    guard sizes.reduce(0, +) == shape.dimensions[axis], sizes.allSatisfy({ $0 >= 0 }) else {
      stop(
        "split", "sizes \(sizes) do not add up to axis \(axis) of \(shape)",
        fix: "make them add up to \(shape.dimensions[axis])")
    }
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return sliced(axis: axis, from: start, to: start + size)
    }
  }

  /// Pieces of `size` along `axis`, the last one shorter if need be. Views.
  ///
  /// ```swift
  /// Tensor.range(0, 5).split(every: 2).map(\.count)  // → [2, 2, 1]
  /// ```
  public func split(every size: Int, axis: Int = 0) -> [Tensor] {
    guard size > 0 else { stop("split", "pieces of \(size) elements", fix: "use 1 or more") }
    let total = shape.dimensions[shape.resolved(axis, for: "split")]
    return split(sizes: stride(from: 0, to: total, by: size).map { Swift.min(size, total - $0) }, axis: axis)
  }

  /// Surrounded by a constant: `widths[i]` is the number of elements before and after axis i.
  ///
  /// ```swift
  /// Tensor([[1.0, 2.0]]).padded([(0, 1), (1, 0)])  // → [[0.0, 1.0, 2.0], [0.0, 0.0, 0.0]]
  /// ```
  public func padded(_ widths: [(before: Int, after: Int)], with value: Double = 0) -> Tensor {
    guard widths.count == rank, widths.allSatisfy({ $0.before >= 0 && $0.after >= 0 }) else {
      stop(
        "padded", "\(widths.count) widths for shape \(shape), or a negative one",
        fix: "give a pair of widths, 0 or more, for each of the \(rank) axes")
    }
    let sizes = zip(shape.dimensions, widths).map { $0 + $1.before + $1.after }
    let y = Tensor.full(Shape(sizes), value, dtype: dtype)
    copyElements(into: y, strides: y.strides, at: zip(widths, y.strides).reduce(0) { $0 + $1.0.before * $1.1 })
    guard Tape.records(self) else { return y }
    return y.recorded("padded", from: self) { [sizes = shape.dimensions] g in
      var inner = g
      for (axis, width) in widths.enumerated() {
        inner = inner.sliced(axis: axis, from: width.before, to: width.before + sizes[axis])
      }
      return inner
    }
  }

  /// The elements along the given axes in reverse order. A view.
  ///
  /// ```swift
  /// Tensor([1, 2, 3]).flipped([0])  // → [3, 2, 1]
  /// ```
  public func flipped(_ axes: [Int]) -> Tensor {
    let axes = axes.isEmpty ? [] : shape.resolved(axes, for: "flipped")
    var steps = strides
    var start = offset
    for axis in axes {
      start += Swift.max(shape.dimensions[axis] - 1, 0) * steps[axis]
      steps[axis] = -steps[axis]
    }
    let y = Tensor(storage: storage, layout: Layout(shape, strides: steps), offset: start)
    guard Tape.records(self) else { return y }
    return y.recorded("flipped", from: self) { g in g.flipped(axes) }
  }

  /// Writes the elements into `target`'s fresh storage, from its element `start` on, with the given strides.
  func copyElements(into target: Tensor, strides: [Int], at start: Int) {
    kernels.copy(
      rank, shape.dimensions, dtype.code, self.strides, pointer, target.dtype.code, strides,
      target.pointer + start * target.dtype.size)
  }
}

extension Op {
  static let concatenated = Op(
    "concatenated", "one after another along an axis",
    samples: [
      Sample("rows", [.uniform([2, 3]), .uniform([1, 3])]) { Tensor.concatenated($0, axis: 0) },
      Sample("columns", [.uniform([2, 3]), .uniform([2, 1]), .uniform([2, 2])]) { Tensor.concatenated($0, axis: -1) },
      Sample("empty piece", [.uniform([0, 3]), .uniform([2, 3])]) { Tensor.concatenated($0) },
    ],
    misuses: [
      Misuse("shapes", says: ["concatenated", "[2, 3]", "[2, 4]", "axis 0"]) {
        _ = Tensor.concatenated([.ones([2, 3]), .ones([2, 4])])
      },
      Misuse("nothing", says: ["concatenated", "no tensors"]) { _ = Tensor.concatenated([]) },
    ])
  static let stacked = Op(
    "stacked", "side by side along a new axis",
    samples: [
      Sample("first", [.uniform([2, 3]), .uniform([2, 3])]) { Tensor.stacked($0) },
      Sample("last", [.uniform([2, 3]), .uniform([2, 3])]) { Tensor.stacked($0, axis: -1) },
      Sample("empty", [.uniform([0]), .uniform([0])]) { Tensor.stacked($0) },
    ],
    misuses: [Misuse("shapes", says: ["stacked", "[2]", "[3]"]) { _ = Tensor.stacked([.ones([2]), .ones([3])]) }])
  static let split = Op(
    "split", "pieces along an axis",
    samples: [
      Sample("sizes", [.uniform([5, 2])]) { $0[0].split(sizes: [2, 0, 3]) },
      Sample("every", [.uniform([2, 5])]) { $0[0].split(every: 2, axis: 1) },
      Sample("empty", [.uniform([0, 2])]) { $0[0].split(sizes: [0, 0]) },
    ],
    misuses: [Misuse("sizes", says: ["split", "[1, 1]", "[3]"]) { _ = Tensor.ones([3]).split(sizes: [1, 1]) }])
  static let padded = Op(
    "padded", "surrounded by a constant",
    samples: [
      Sample("zeros", [.uniform([2, 3])]) { $0[0].padded([(1, 0), (0, 2)]) },
      Sample("value", [.uniform([2])]) { $0[0].padded([(1, 1)], with: 7) },
      Sample("empty", [.uniform([0])]) { $0[0].padded([(1, 1)]) },
    ],
    misuses: [Misuse("widths", says: ["padded", "[2, 3]", "2 axes"]) { _ = Tensor.ones([2, 3]).padded([(1, 1)]) }])
  static let flipped = Op(
    "flipped", "in reverse order",
    samples: [
      Sample("both", [.uniform([2, 3])]) { $0[0].flipped([0, 1]) },
      Sample("one", [.uniform([2, 3])]) { $0[0].flipped([-1]) },
      Sample("empty", [.uniform([0, 3])]) { $0[0].flipped([0]) },
    ],
    misuses: [Misuse("axis", says: ["flipped", "[3]", "no axis 1"]) { _ = Tensor.ones([3]).flipped([1]) }])
}
