import CKernels

// Distinct values, how often they occur, and in which interval of a sorted list a number lies.
extension Tensor {
  /// The distinct elements in rising order; for each element of the tensor, which of them it is; and how often each
  /// occurs. Each NaN is distinct.
  ///
  /// ```swift
  /// let (values, inverse, counts) = Tensor([3, 1, 3]).unique()
  /// values  // → [1, 3]
  /// inverse  // → [1, 0, 1]
  /// counts  // → [1, 2]
  /// ```
  public func unique() -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    let flat = detached().reshaped([count])
    let (values, order) = flat.sorted(axis: 0)
    let changes =
      values.sliced(axis: 0, from: Swift.min(1, count), to: count)
      .!= values.sliced(axis: 0, from: 0, to: Swift.max(count - 1, 0))
    let first = Tensor.concatenated([Tensor.full([Swift.min(count, 1)], 1, dtype: .bool), changes])
    let group = first.cumulativeSum(axis: 0) - 1
    let inverse = Tensor.zeros([count], dtype: .int64).scattered(axis: 0, indices: order, group)
    let starts = first.nonzero().reshaped([-1])
    let ends = Tensor.concatenated([
      starts.sliced(axis: 0, from: Swift.min(1, starts.count), to: starts.count),
      Tensor.full([Swift.min(count, 1)], Double(count), dtype: .int64),
    ])
    let distinct = values.indexSelected(axis: 0, indices: starts)
    func constant(_ x: Tensor) -> Tensor {
      x.recordedAsConstant("unique", from: self, because: "which elements are equal is constant between jumps")
    }
    return (constant(distinct), constant(inverse.reshaped(shape)), constant(ends - starts))
  }

  /// How often each of 0, 1, … occurs among the elements, which are integers, 0 or more; or the sum of its elements'
  /// `weights`. The result has at least `minimumLength` places.
  ///
  /// ```swift
  /// Tensor([1, 3, 1]).binCount()  // → [0, 2, 0, 1]
  /// ```
  public func binCount(weights: Tensor? = nil, minimumLength: Int = 0) -> Tensor {
    guard dtype.isInteger else {
      stop("binCount", "\(dtype) \(shape) does not hold integers", fix: "cast(to: .int64) first")
    }
    if let weights, weights.shape != shape {
      stop("binCount", "\(shape) elements meet \(weights.shape) weights", fix: "pass one weight for each element")
    }
    let flat = cast(to: .int64).reshaped([count])
    let largest = count == 0 ? -1 : flat.max().item(Int.self)
    if count > 0, flat.min().item(Int.self) < 0 {
      stop("binCount", "\(shape) holds a negative number", fix: "subtract the least element first")
    }
    let places = Tensor.zeros([Swift.max(largest + 1, minimumLength)], dtype: weights?.dtype ?? .int64)
    let source = weights?.reshaped([count]) ?? Tensor.ones([count], dtype: .int64)
    return places.indexAdded(axis: 0, indices: flat, source)
  }

  /// How many elements fall into each of `bins` equal intervals of the range; the last holds its upper end. Elements
  /// outside the range, and NaN, count nowhere. Without a range it is that of the elements.
  ///
  /// ```swift
  /// Tensor([0.0, 0.1, 0.6, 1.0]).histogram(bins: 2)  // → [2, 2]
  /// ```
  public func histogram(bins: Int, range: ClosedRange<Double>? = nil) -> Tensor {
    Elementwise.requireFloatingPoint("histogram", self)
    if bins < 1 { stop("histogram", "\(bins) bins", fix: "use 1 or more") }
    let x = detached().reshaped([count])
    let finite = x.isFinite()
    let known = x[finite]
    var (low, high) = (range?.lowerBound ?? 0, range?.upperBound ?? 0)
    if range == nil, known.count > 0 { (low, high) = (known.min().item(), known.max().item()) }
    if low == high { (low, high) = (low - 1, high + 1) }
    let inside = x[finite .& (x .>= low) .& (x .<= high)].cast(to: .float64)
    let place = ((inside - low) / (high - low) * Double(bins)).floor().clamped(to: 0...Double(bins - 1))
    return place.cast(to: .int64).binCount(minimumLength: bins)
      .recordedAsConstant("histogram", from: self, because: "a count is constant between jumps")
  }

  /// Where each of `values` would be put into this sorted vector: before its equals, or with `after` behind them. For a
  /// matrix of sorted rows, `values` has the same leading shape, and each row is looked up in its own.
  ///
  /// ```swift
  /// Tensor([1.0, 2.0, 4.0]).searchSorted(Tensor([2.0, 3.0, 9.0]))  // → [1, 2, 3]
  /// ```
  public func searchSorted(_ values: Tensor, after: Bool = false) -> Tensor {
    if dtype != values.dtype { Elementwise.stopOnDTypes("searchSorted", self, values) }
    guard rank == 1 || (rank > 1 && shape.dimensions.dropLast() == values.shape.dimensions.dropLast()), dtype != .bool
    else {
      stop(
        "searchSorted", "rows of \(shape) and values \(values.shape)",
        fix: "pass a sorted vector, or values of the same leading shape")
    }
    let (rows, x) = (detached().rowMajor(), values.detached().rowMajor())
    let places = Tensor(uninitialized: values.shape, dtype: .int64)
    let n = shape.dimensions[rank - 1]
    let k = rank == 1 ? x.count : values.shape.dimensions[values.rank - 1]
    kernels.search_sorted(
      dtype.code, k == 0 ? 0 : x.count / k, n, k, rank == 1, after, rows.pointer, x.pointer, places.int64Pointer)
    return places.recordedAsConstant(
      "searchSorted", from: node == nil ? values : self, because: "a position is constant between jumps")
  }

  /// The number of elements over `axes` that are not 0.
  ///
  /// ```swift
  /// Tensor([[0.0, 1.0], [2.0, 3.0]]).countNonzero(axes: [1])  // → [1, 2]
  /// ```
  public func countNonzero(axes: [Int] = []) -> Tensor {
    (detached() .!= 0).sum(axes: axes)
      .recordedAsConstant("countNonzero", from: self, because: "a count is constant between jumps")
  }
}

extension Op {
  static let unique = Op(
    "unique", "the distinct elements", derivative: .none,
    samples: [
      Sample("integers", [.integers([3, 4], -2..<3)]) {
        [$0[0].unique().values, $0[0].unique().inverse, $0[0].unique().counts]
      },
      Sample("floats", [.uniform([5])]) { [$0[0].unique().values, $0[0].unique().inverse, $0[0].unique().counts] },
      Sample("empty", [.uniform([0])]) { [$0[0].unique().values, $0[0].unique().counts] },
    ])
  static let binCount = Op(
    "binCount", "how often each of 0, 1, … occurs",
    samples: [
      Sample("counts", [.integers([9], 0..<5)]) { $0[0].binCount(minimumLength: 7) },
      Sample("weights", [.integers([2, 3], 0..<4), .uniform([2, 3])]) {
        $0[0].binCount(weights: $0[1], minimumLength: 4)
      },
      Sample("empty", [.integers([0], 0..<4)]) { $0[0].binCount(minimumLength: 3) },
    ],
    misuses: [
      Misuse("negative", says: ["binCount", "negative"]) { _ = Tensor([-1]).binCount() },
      Misuse("dtype", says: ["binCount", "float32", "cast(to: .int64)"]) { _ = Tensor.ones([2]).binCount() },
    ])
  static let histogram = Op(
    "histogram", "how many elements fall into each interval", derivative: .none,
    samples: [
      Sample("own range", [.uniform([30])]) { $0[0].histogram(bins: 4) },
      Sample("given range", [.uniform([5, 6])]) { $0[0].histogram(bins: 5, range: -1...1) },
      Sample("empty", [.uniform([0])]) { $0[0].histogram(bins: 3, range: 0...1) },
    ],
    misuses: [Misuse("bins", says: ["histogram", "0 bins"]) { _ = Tensor.ones([2]).histogram(bins: 0) }])
  static let searchSorted = Op(
    "searchSorted", "where a number would be put", derivative: .none,
    samples: [
      Sample("vector", [.uniform([7]), .uniform([2, 3])]) { $0[0].sorted().values.searchSorted($0[1]) },
      Sample("after equals", [.integers([9], 0..<4), .integers([5], 0..<5)]) {
        $0[0].sorted().values.searchSorted($0[1], after: true)
      },
      Sample("rows", [.uniform([2, 5]), .uniform([2, 3])]) { $0[0].sorted().values.searchSorted($0[1]) },
      Sample("empty", [.uniform([0]), .uniform([3])]) { $0[0].searchSorted($0[1]) },
    ],
    misuses: [
      Misuse("rows", says: ["searchSorted", "[2, 3]", "[4]"]) { _ = Tensor.ones([2, 3]).searchSorted(.ones([4])) }
    ])
  static let countNonzero = Op(
    "countNonzero", "the number of xᵢ ≠ 0", derivative: .none,
    samples: [
      Sample("all", [.integers([3, 4], 0..<2)]) { $0[0].countNonzero() },
      Sample("rows", [.integers([3, 4], 0..<2)]) { $0[0].countNonzero(axes: [1]) },
      Sample("empty", [.uniform([0])]) { $0[0].countNonzero() },
    ],
    misuses: [Misuse("axis", says: ["no axis 1"]) { _ = Tensor.ones([2]).countNonzero(axes: [1]) }])
}
