import CKernels

// Sorting and the best k. All are stable: of equals, the first comes first. NaN counts as the greatest.
extension Tensor {
  /// The elements of `axis` in order, and where each stood. The gradient goes back to where it stood.
  ///
  /// ```swift
  /// let (values, indices) = Tensor([3.0, 1.0, 2.0]).sorted(axis: 0)
  /// values  // → [1.0, 2.0, 3.0]
  /// indices  // → [1, 2, 0]
  /// ```
  public func sorted(axis: Int = -1, descending: Bool = false) -> (values: Tensor, indices: Tensor) {
    let axis = shape.resolved(axis, for: "sorted")
    return chosen("sorted", axis, shape.dimensions[axis], descending)
  }

  /// Where the elements of `axis` in order stand: `x.gathered(axis:indices:)` of it is sorted.
  ///
  /// ```swift
  /// Tensor([3.0, 1.0, 2.0]).argsort()  // → [1, 2, 0]
  /// ```
  public func argsort(axis: Int = -1, descending: Bool = false) -> Tensor {
    let axis = shape.resolved(axis, for: "argsort")
    return positions(axis, shape.dimensions[axis], descending)
      .recordedAsConstant("argsort", from: self, because: "a position is constant between jumps")
  }

  /// The `k` largest elements of `axis` in falling order (or the smallest in rising order), and where they stand. Stops
  /// when there are fewer.
  ///
  /// ```swift
  /// Tensor([3.0, 1.0, 2.0]).topK(2).values  // → [3.0, 2.0]
  /// ```
  public func topK(_ k: Int, axis: Int = -1, largest: Bool = true) -> (values: Tensor, indices: Tensor) {
    let axis = shape.resolved(axis, for: "topK")
    if k < 0 || k > shape.dimensions[axis] {
      stop("topK", "\(k) of the \(shape.dimensions[axis]) elements of axis \(axis) of \(shape)", fix: "ask for fewer")
    }
    return chosen("topK", axis, k, largest)
  }

  /// The k-th smallest element of `axis`, k from 1, and where it stands.
  ///
  /// ```swift
  /// Tensor([3.0, 1.0, 2.0]).kthSmallest(2).values  // → 2.0
  /// ```
  public func kthSmallest(_ k: Int, axis: Int = -1) -> (values: Tensor, indices: Tensor) {
    let axis = shape.resolved(axis, for: "kthSmallest")
    if k < 1 || k > shape.dimensions[axis] {
      stop("kthSmallest", "number \(k) of axis \(axis) of \(shape)", fix: "use 1...\(shape.dimensions[axis])")
    }
    let (values, indices) = chosen("kthSmallest", axis, k, false)
    return (
      values.sliced(axis: axis, from: k - 1, to: k).squeezed(axis),
      indices.sliced(axis: axis, from: k - 1, to: k).squeezed(axis)
    )
  }

  /// The middle element of `axis`, the lower of two, and where it stands. NaN anywhere gives the first NaN.
  ///
  /// ```swift
  /// Tensor([3.0, 1.0, 2.0, 5.0]).median().values  // → 2.0
  /// ```
  public func median(axis: Int = -1) -> (values: Tensor, indices: Tensor) {
    let axis = shape.resolved(axis, for: "median")
    if shape.dimensions[axis] == 0 { stop("median", "axis \(axis) of \(shape) has no elements", fix: "check first") }
    let n = shape.dimensions[axis]
    let (values, indices) = kthSmallest((n + 1) / 2, axis: axis)
    if !dtype.isFloatingPoint || !detached().isNaN().any().item(Bool.self) { return (values, indices) }
    // NaN wins a search for the greatest.
    let greatest = maxWithIndices(axis: axis)
    let isSpoilt = greatest.values.isNaN()
    return (
      Tensor.where(isSpoilt, greatest.values, values),
      Tensor.where(isSpoilt, greatest.indices, indices)
    )
  }

  /// The value below which a share q of the elements of `axis` lies, between two of them in proportion: at position
  /// q·(n − 1) of the sorted elements. q is in 0…1. NaN anywhere gives NaN.
  ///
  /// ```swift
  /// Tensor([1.0, 2.0, 3.0, 10.0]).quantile(0.5, axis: 0).item()  // → 2.5
  /// ```
  public func quantile(_ q: Double, axis: Int = -1, keepingDimensions: Bool = false) -> Tensor {
    Elementwise.requireFloatingPoint("quantile", self)
    let axis = shape.resolved(axis, for: "quantile")
    let n = shape.dimensions[axis]
    guard n > 0, (0...1).contains(q) else {
      stop("quantile", "the share \(q) of axis \(axis) of \(shape)", fix: "use a share in 0...1 of one element or more")
    }
    let place = q * Double(n - 1)
    let low = Int(place.rounded(.down))
    let sorted = sorted(axis: axis).values
    let below = sorted.sliced(axis: axis, from: low, to: low + 1)
    let above = sorted.sliced(axis: axis, from: Swift.min(low + 1, n - 1), to: Swift.min(low + 1, n - 1) + 1)
    let between = Tensor.lerp(below, above, place - Double(low))
    // NaN is sorted to the end.
    let last = sorted.detached().sliced(axis: axis, from: n - 1, to: n)
    let y = Tensor.where(last.isNaN(), last, between)
    return keepingDimensions ? y : y.squeezed(axis)
  }

  private func chosen(_ op: String, _ axis: Int, _ k: Int, _ descending: Bool) -> (values: Tensor, indices: Tensor) {
    let places = positions(axis, k, descending)
    let indices = places.recordedAsConstant(op, from: self, because: "a position is constant between jumps")
    return (gathered(axis: axis, indices: places), indices)
  }

  /// The positions of the first k of the sorted order, along `axis`.
  private func positions(_ axis: Int, _ k: Int, _ descending: Bool) -> Tensor {
    if axis != rank - 1 { return transposed(axis, -1).positions(rank - 1, k, descending).transposed(axis, -1) }
    let x = detached().rowMajor()
    let n = shape.dimensions[axis]
    let places = Tensor(uninitialized: Shape(shape.dimensions.dropLast() + [k]), dtype: .int64)
    kernels.sort_positions(
      dtype.code, n == 0 ? 0 : x.count / n, n, k, descending, x.pointer, places.int64Pointer)
    return places
  }
}

extension Op {
  static let sorted = Op(
    "sorted", "the elements in order",
    samples: [
      Sample("rows", [.uniform([3, 6])]) { [$0[0].sorted().values, $0[0].sorted().indices] },
      Sample("falling columns", [.uniform([5, 3])]) {
        [$0[0].sorted(axis: 0, descending: true).values, $0[0].argsort(axis: 0, descending: true)]
      },
      Sample("integers", [.integers([2, 9], -3..<3)]) { [$0[0].sorted().values, $0[0].sorted().indices] },
      Sample("empty", [.uniform([2, 0])]) { [$0[0].sorted().values] },
    ],
    misuses: [Misuse("axis", says: ["sorted", "[2, 3]", "no axis 2"]) { _ = Tensor.ones([2, 3]).sorted(axis: 2) }])
  static let topK = Op(
    "topK", "the k largest elements",
    samples: [
      Sample("rows", [.uniform([3, 12])]) { [$0[0].topK(2).values, $0[0].topK(2).indices] },
      Sample("smallest of columns", [.uniform([5, 3])]) {
        [$0[0].topK(4, axis: 0, largest: false).values, $0[0].topK(4, axis: 0, largest: false).indices]
      },
      Sample("none", [.uniform([2, 3])]) { [$0[0].topK(0).values] },
    ],
    misuses: [Misuse("too many", says: ["topK", "4", "[2, 3]"]) { _ = Tensor.ones([2, 3]).topK(4) }])
  static let kthSmallest = Op(
    "kthSmallest", "the k-th smallest element",
    samples: [
      Sample("rows", [.uniform([3, 5])]) { [$0[0].kthSmallest(2).values, $0[0].kthSmallest(2).indices] },
      Sample("columns", [.uniform([4, 3])]) { [$0[0].kthSmallest(4, axis: 0).values] },
      Sample("no rows", [.uniform([0, 3])]) { [$0[0].kthSmallest(1).values] },
    ],
    misuses: [Misuse("range", says: ["kthSmallest", "4", "1...3"]) { _ = Tensor.ones([2, 3]).kthSmallest(4) }])
  static let median = Op(
    "median", "the middle element",
    samples: [
      Sample("rows", [.uniform([3, 5])]) { [$0[0].median().values, $0[0].median().indices] },
      Sample("even columns", [.uniform([4, 3])]) { [$0[0].median(axis: 0).values] },
      Sample("no rows", [.uniform([0, 3])]) { [$0[0].median().values] },
    ],
    misuses: [Misuse("empty", says: ["median", "[2, 0]", "no elements"]) { _ = Tensor.ones([2, 0]).median() }])
  static let quantile = Op(
    "quantile", "the value below which a share of the elements lies",
    samples: [
      Sample("rows", [.uniform([3, 5])]) { [$0[0].quantile(0.3), $0[0].quantile(1)] },
      Sample("columns", [.uniform([4, 3])]) { $0[0].quantile(0.5, axis: 0, keepingDimensions: true) },
      Sample("no rows", [.uniform([0, 3])]) { $0[0].quantile(0.5) },
    ],
    misuses: [Misuse("share", says: ["quantile", "1.5", "0...1"]) { _ = Tensor.ones([3]).quantile(1.5) }])
}
