// The same elements in another arrangement: views wherever strides can say it, copies where not.
extension Tensor {
  /// The elements in row-major order under a new shape; one size may be −1 and is then computed. A view where the
  /// strides allow it. Stops when the numbers of elements differ.
  ///
  /// ```swift
  /// Tensor.range(0, 6).reshaped([2, -1]).shape  // → [2, 3]
  /// ```
  public func reshaped(_ sizes: [Int]) -> Tensor {
    var sizes = sizes
    if let unknown = sizes.firstIndex(of: -1) {
      let known = sizes.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
      guard sizes.filter({ $0 == -1 }).count == 1, known > 0, count % known == 0 else {
        stop(
          "reshaped", "\(count) elements of shape \(shape) do not fit \(sizes)",
          fix: "leave at most one -1, in a shape whose other sizes divide \(count)")
      }
      sizes[unknown] = count / known
    }
    return reshaped(Shape(sizes))
  }

  public func reshaped(_ shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    guard shape.elementCount == count else {
      stop(
        "reshaped", "shape \(self.shape) has \(count) elements, \(shape) has \(shape.elementCount)",
        fix: "keep the number of elements; one size may be -1")
    }
    let row = rowMajor()
    let y = Tensor(storage: row.storage, layout: Layout(shape), offset: row.offset)
    guard Tape.records(self) else { return y }
    return y.recorded("reshaped", from: self) { [old = self.shape] g in g.reshaped(old) }
  }

  /// Axes `from` through `through` merged into one. For a batch: `x.flattened(from: 1)`.
  ///
  /// ```swift
  /// Tensor.zeros([2, 3, 4]).flattened(from: 1).shape  // → [2, 12]
  /// ```
  public func flattened(from: Int = 0, through: Int = -1) -> Tensor {
    if rank == 0 { return reshaped([1]) }
    let first = shape.resolved(from, for: "flattened")
    let last = shape.resolved(through, for: "flattened")
    guard first <= last else {
      stop("flattened", "axis \(from) comes after axis \(through) in \(shape)", fix: "pass the outer axis first")
    }
    let sizes = shape.dimensions
    return reshaped(Shape(Array(sizes[..<first]) + [sizes[first...last].reduce(1, *)] + Array(sizes[(last + 1)...])))
  }

  /// The axes in a new order: axis i of the result is axis `order[i]` of this tensor. A view.
  ///
  /// ```swift
  /// Tensor.zeros([2, 3, 4]).permuted([2, 0, 1]).shape  // → [4, 2, 3]
  /// ```
  public func permuted(_ order: [Int]) -> Tensor {
    let order = order.map { shape.resolved($0, for: "permuted") }
    guard order.count == rank, Set(order).count == rank else {
      stop("permuted", "\(order) is not an order of the \(rank) axes of \(shape)", fix: "name every axis once")
    }
    let y = Tensor(
      storage: storage, layout: Layout(Shape(order.map { shape.dimensions[$0] }), strides: order.map { strides[$0] }),
      offset: offset)
    guard Tape.records(self) else { return y }
    var back = order
    for (axis, source) in order.enumerated() { back[source] = axis }
    return y.recorded("permuted", from: self) { [back] g in g.permuted(back) }
  }

  /// Two axes exchanged. A view.
  ///
  /// ```swift
  /// Tensor.zeros([2, 3, 4]).transposed(0, 2).shape  // → [4, 3, 2]
  /// ```
  public func transposed(_ a: Int, _ b: Int) -> Tensor {
    let a = shape.resolved(a, for: "transposed")
    let b = shape.resolved(b, for: "transposed")
    var sizes = shape.dimensions
    var steps = strides
    sizes.swapAt(a, b)
    steps.swapAt(a, b)
    let y = Tensor(storage: storage, layout: Layout(Shape(sizes), strides: steps), offset: offset)
    guard Tape.records(self) else { return y }
    return y.recorded("transposed", from: self) { g in g.transposed(a, b) }
  }

  /// The last two axes exchanged: a matrix's transpose. A view.
  ///
  /// ```swift
  /// Tensor([[1.0, 2.0], [3.0, 4.0]]).transposed()  // → [[1.0, 3.0], [2.0, 4.0]]
  /// ```
  public func transposed() -> Tensor {
    if rank < 2 {
      stop(
        "transposed", "shape \(shape) has no two axes to exchange", fix: "use a matrix, or reshaped([1, -1]) for a row")
    }
    return transposed(-2, -1)
  }

  /// Sizes of 1 repeated, and new outer dimensions put in front, without copying. Stops where broadcasting would.
  ///
  /// ```swift
  /// Tensor([[1.0], [2.0]]).expanded(to: [2, 3])  // → [[1.0, 1.0, 1.0], [2.0, 2.0, 2.0]]
  /// ```
  public func expanded(to shape: Shape) -> Tensor {
    if shape == self.shape { return self }
    guard Shape.broadcast(self.shape, shape) == shape else {
      stop(
        "expanded", "shape \(self.shape) can't become \(shape): only sizes of 1 can be repeated",
        fix: "reshape so that repeated sizes are 1")
    }
    let y = Tensor(storage: storage, layout: Layout(shape, strides: broadcastStrides(to: shape)), offset: offset)
    guard Tape.records(self) else { return y }
    return y.recorded("expanded", from: self) { [old = self.shape] g in g.summed(to: old) }
  }

  /// Without the given axis, whose size must be 1; without an axis, without all axes of size 1.
  ///
  /// ```swift
  /// Tensor.zeros([1, 3, 1]).squeezed().shape  // → [3]
  /// ```
  public func squeezed(_ axis: Int? = nil) -> Tensor {
    guard let axis else { return reshaped(Shape(shape.dimensions.filter { $0 != 1 })) }
    let resolved = shape.resolved(axis, for: "squeezed")
    guard shape.dimensions[resolved] == 1 else {
      stop(
        "squeezed", "axis \(axis) of \(shape) has size \(shape.dimensions[resolved]), not 1", fix: "index it instead")
    }
    return reshaped(shape.removing([resolved], keepingDimensions: false))
  }

  /// With a new axis of size 1 before `axis`; −1 appends it.
  ///
  /// ```swift
  /// Tensor.zeros([2, 3]).unsqueezed(1).shape  // → [2, 1, 3]
  /// ```
  public func unsqueezed(_ axis: Int) -> Tensor {
    let place = axis < 0 ? axis + rank + 1 : axis
    guard (0...rank).contains(place) else {
      stop("unsqueezed", "\(shape) has no place \(axis) for a new axis", fix: "use \(-rank - 1)...\(rank)")
    }
    var sizes = shape.dimensions
    sizes.insert(1, at: place)
    return reshaped(Shape(sizes))
  }
}

extension Op {
  static let reshaped = Op(
    "reshaped", "the same elements under a new shape",
    samples: [
      Sample("merge", [.uniform([2, 3, 4])]) { $0[0].reshaped([6, -1]) },
      Sample("of a transposed view", [.uniform([2, 3])]) { $0[0].transposed().reshaped([6]) },
      Sample("scalar", [.uniform([1, 1])]) { $0[0].reshaped([]) },
      Sample("empty", [.uniform([0, 3])]) { $0[0].reshaped([3, 0]) },
    ],
    misuses: [
      Misuse("count", says: ["reshaped", "[2, 3]", "[4]", "6"]) { _ = Tensor.ones([2, 3]).reshaped([4]) },
      Misuse("two unknowns", says: ["reshaped", "[-1, -1]"]) { _ = Tensor.ones([2, 3]).reshaped([-1, -1]) },
    ])
  static let flattened = Op(
    "flattened", "axes merged into one",
    samples: [
      Sample("from 1", [.uniform([2, 3, 4])]) { $0[0].flattened(from: 1) },
      Sample("empty", [.uniform([0, 3, 4])]) { $0[0].flattened(from: 1) },
    ],
    misuses: [
      Misuse("order", says: ["flattened", "[2, 3]", "comes after"]) {
        _ = Tensor.ones([2, 3]).flattened(from: 1, through: 0)
      }
    ])
  static let permuted = Op(
    "permuted", "axes in a new order",
    samples: [
      Sample("three axes", [.uniform([2, 3, 4])]) { $0[0].permuted([2, 0, 1]) },
      Sample("empty", [.uniform([0, 3, 4])]) { $0[0].permuted([2, 0, 1]) },
    ],
    misuses: [
      Misuse("axis twice", says: ["permuted", "[2, 3]", "every axis once"]) {
        _ = Tensor.ones([2, 3]).permuted([0, 0])
      }
    ])
  static let transposed = Op(
    "transposed", "two axes exchanged",
    samples: [
      Sample("matrix", [.uniform([2, 3])]) { $0[0].transposed() },
      Sample("outer axes", [.uniform([2, 3, 4])]) { $0[0].transposed(0, 1) },
      Sample("empty", [.uniform([0, 3])]) { $0[0].transposed() },
    ],
    misuses: [Misuse("vector", says: ["transposed", "[3]", "two axes"]) { _ = Tensor.ones([3]).transposed() }])
  static let expanded = Op(
    "expanded", "sizes of 1 repeated",
    samples: [
      Sample("column", [.uniform([3, 1])]) { $0[0].expanded(to: [2, 3, 4]) },
      Sample("to empty", [.uniform([1, 3])]) { $0[0].expanded(to: [0, 3]) },
    ],
    misuses: [Misuse("size", says: ["expanded", "[2]", "[3]", "repeated"]) { _ = Tensor.ones([2]).expanded(to: [3]) }])
  static let squeezed = Op(
    "squeezed", "axes of size 1 removed",
    samples: [
      Sample("one", [.uniform([2, 1, 3])]) { $0[0].squeezed(1) },
      Sample("all", [.uniform([1, 2, 1])]) { $0[0].squeezed() },
      Sample("empty", [.uniform([1, 0])]) { $0[0].squeezed() },
    ],
    misuses: [Misuse("size", says: ["squeezed", "[2, 3]", "size 3"]) { _ = Tensor.ones([2, 3]).squeezed(1) }])
  static let unsqueezed = Op(
    "unsqueezed", "an axis of size 1 inserted",
    samples: [
      Sample("middle", [.uniform([2, 3])]) { $0[0].unsqueezed(1) },
      Sample("last", [.uniform([2, 3])]) { $0[0].unsqueezed(-1) },
      Sample("empty", [.uniform([0])]) { $0[0].unsqueezed(0) },
    ],
    misuses: [Misuse("place", says: ["unsqueezed", "[2]", "no place 3"]) { _ = Tensor.ones([2]).unsqueezed(3) }])
}
