import CKernels

/// How `scattered` combines the elements that are written to one place.
public enum ScatterReduction: Sendable {
  case sum, mean, product, max, min
}

// Writing elements at indices, and filling by masks. `scatterAdded` adds instead.
extension Tensor {
  /// A copy with each element of `source` written where its index says: y[i, indices[i, j, k], k] = source[i, j, k] for
  /// axis 1. Of several writes to one place the last one stays.
  ///
  /// ```swift
  /// Tensor.zeros([3]).scattered(axis: 0, indices: Tensor([2, 0]), Tensor([5.0, 7.0]))  // → [7.0, 0.0, 5.0]
  /// ```
  public func scattered(axis: Int, indices: Tensor, _ source: Tensor) -> Tensor {
    let axis = shape.resolved(axis, for: "scattered")
    let positions = checkedScatter("scattered", axis, indices, source)
    let y = written(GB_SCATTER_ASSIGN, axis, positions, source)
    guard Tape.records(self, source) else { return y }
    // Which write stays, told by writing each element's own number.
    let numbers = Tensor.range(0, Double(source.count), dtype: .int64).reshaped(source.shape)
    let winners = Tensor.full(shape, -1, dtype: .int64).written(GB_SCATTER_ASSIGN, axis, positions, numbers)
    let stays = winners.gathered(axis: axis, indices: positions) .== numbers
    let untouched = winners .== -1
    return y.recorded(
      "scattered",
      from: self, { g in Tensor.where(untouched, g, Tensor.zeros([], dtype: g.dtype)) },
      from: source,
      { g in
        Tensor.where(stays, g.gathered(axis: axis, indices: positions), Tensor.zeros([], dtype: g.dtype))
      })
  }

  /// A copy with each element of `source` combined with what else is written where its index says, and, unless
  /// `includingSelf` is false, with what stands there: y[i] = x[i] ∘ Σ∘ source[j] over the j with indices[j] = i.
  /// PyTorch's `scatter_reduce`.
  ///
  /// `indices` are int64 and have this tensor's shape but for `axis`, `source` has theirs. Places that nothing is
  /// written to stay. The gradient of an extreme is shared among equals; a product's derivatives of every order are
  /// right where factors are 0, too. Stops when shapes or dtypes do not fit, and for means of integers.
  ///
  /// ```swift
  /// let (x, indices, source) = (Tensor([4.0, 1.0]), Tensor([0, 0]), Tensor([5.0, 9.0]))
  /// x.scattered(axis: 0, indices: indices, source, combining: .max)  // → [9.0, 1.0]
  /// x.scattered(axis: 0, indices: indices, source, combining: .mean)  // → [6.0, 1.0]
  /// x.scattered(axis: 0, indices: indices, source, combining: .mean, includingSelf: false)  // → [7.0, 1.0]
  /// ```
  public func scattered(
    axis: Int, indices: Tensor, _ source: Tensor, combining reduction: ScatterReduction, includingSelf: Bool = true
  ) -> Tensor {
    let axis = shape.resolved(axis, for: "scattered")
    let positions = checkedScatter("scattered", axis, indices, source)
    if reduction == .mean { Elementwise.requireFloatingPoint("scattered, combining: .mean", self) }
    if includingSelf && reduction != .mean { return combined(axis, positions, source, reduction) }
    let written = Tensor.zeros(shape, dtype: dtype)
      .scatterAdded(axis: axis, indices: positions, Tensor.ones(source.shape, dtype: dtype))
    let start =
      includingSelf
      ? self
      : Tensor.where(written .> 0, withoutGradients { neutral(axis, positions, source, reduction) }, self)
    let total = start.combined(axis, positions, source, reduction == .mean ? .sum : reduction)
    return reduction == .mean ? total / (written + (includingSelf ? 1 : 0)).clamped(to: 1...) : total
  }

  /// What changes nothing that it is combined with.
  private func neutral(_ axis: Int, _ positions: Tensor, _ source: Tensor, _ reduction: ScatterReduction) -> Tensor {
    switch reduction {
    case .sum, .mean: Tensor.zeros([], dtype: dtype)
    case .product: Tensor.ones([], dtype: dtype)
    case .max where dtype.isFloatingPoint: Tensor.full([], -.infinity, dtype: dtype)
    case .min where dtype.isFloatingPoint: Tensor.full([], .infinity, dtype: dtype)
    // One of the elements themselves changes no extreme.
    case .max, .min: written(GB_SCATTER_ASSIGN, axis, positions, source)
    }
  }

  private func combined(_ axis: Int, _ positions: Tensor, _ source: Tensor, _ reduction: ScatterReduction) -> Tensor {
    if reduction == .sum { return scatterAdded(axis: axis, indices: positions, source) }
    let op = reduction == .product ? GB_SCATTER_PRODUCT : reduction == .max ? GB_SCATTER_MAX : GB_SCATTER_MIN
    let y = written(op, axis, positions, source)
    guard Tape.records(self, source) else { return y }
    @Sendable func here(_ x: Tensor) -> Tensor { x.gathered(axis: axis, indices: positions) }
    if reduction == .product { return y.recordedProduct(of: self, source, axis, positions) }
    let mine = (detached() .== y).cast(to: dtype)
    let theirs = (source.detached() .== here(y)).cast(to: dtype)
    let share = mine.scatterAdded(axis: axis, indices: positions, theirs).reciprocal()
    let bounded = Tensor.where(share.isFinite(), share, Tensor.zeros([], dtype: dtype))
    return y.recorded(
      "scattered",
      from: self, { g in g * mine * bounded },
      from: source, { g in here(g * bounded) * theirs })
  }

  /// This product recorded. A factor's derivative is the product of the others: 0 where one of them is 0, and else the
  /// product of all factors but zeros, divided by this one unless it is a zero itself.
  private func recordedProduct(of x: Tensor, _ source: Tensor, _ axis: Int, _ positions: Tensor) -> Tensor {
    func isZero(_ x: Tensor) -> Tensor { (x.detached() .== 0).cast(to: .int64) }
    let (mine, theirs) = (isZero(x), isZero(source))
    let zeros = mine.scatterAdded(axis: axis, indices: positions, theirs)
    let (onlyMine, onlyTheirs) = (zeros .== mine, zeros.gathered(axis: axis, indices: positions) .== theirs)
    let (myFactors, theirFactors) = (
      x.detached().maskedFilled(mine .== 1, with: 1), source.detached().maskedFilled(theirs .== 1, with: 1)
    )
    return recorded(
      "scattered", from: [x, source],
      jointly: { g in
        if Tape.isRecording {
          return Tape.gradientsOfComposite([x, source], from: g) {
            $0[0].productOfFactors($0[1], axis, positions)
          }
        }
        let product = g * myFactors.combined(axis, positions, theirFactors, .product)
        let shared = product.gathered(axis: axis, indices: positions)
        return [
          Tensor.where(onlyMine, product / myFactors, Tensor.zeros([], dtype: g.dtype)),
          Tensor.where(onlyTheirs, shared / theirFactors, Tensor.zeros([], dtype: g.dtype)),
        ]
      })
  }

  /// The same product from simpler ops, for higher derivatives: a table with a row of factors for each place, filled up with ones.
  private func productOfFactors(_ source: Tensor, _ axis: Int, _ positions: Tensor) -> Tensor {
    let (outer, inner) = around(axis)
    let (n, k) = (shape.dimensions[axis], positions.shape.dimensions[axis])
    var rows = (0..<(outer * n * inner)).map { [$0] }
    for (j, position) in positions.scalars(as: Int.self).enumerated() {
      rows[(j / (k * inner) * n + position) * inner + j % inner].append(count + j)
    }
    let longest = rows.map(\.count).max() ?? 1
    let filler = count + source.count
    let table = rows.flatMap { $0 + [Int](repeating: filler, count: longest - $0.count) }
    return Tensor.concatenated([reshaped([count]), source.reshaped([source.count]), Tensor.ones([1], dtype: dtype)])
      .indexSelected(axis: 0, indices: Tensor(table)).reshaped([count, longest]).product(axes: [1]).reshaped(shape)
  }

  /// The elements, with `value` where the mask is true. The mask broadcasts.
  ///
  /// ```swift
  /// Tensor([1.0, 2.0]).maskedFilled(Tensor([true, false]), with: -1)  // → [-1.0, 2.0]
  /// ```
  public func maskedFilled(_ mask: Tensor, with value: Double) -> Tensor {
    guard mask.dtype == .bool, Shape.broadcast(shape, mask.shape) == shape else {
      stop(
        "maskedFilled", "a \(mask.dtype) mask \(mask.shape) for \(shape)",
        fix: "pass a bool mask that broadcasts to the tensor")
    }
    return Tensor.where(mask, Tensor.full([], value, dtype: dtype), self)
  }

  private func written(_ op: gb_scatter_op, _ axis: Int, _ positions: Tensor, _ source: Tensor) -> Tensor {
    let y = Tensor.copying(self, to: dtype)
    let x = source.rowMajor()
    let (outer, inner) = around(axis)
    _ = kernels.scatter(
      op, dtype.code, outer, shape.dimensions[axis], inner, positions.shape.dimensions[axis], x.pointer,
      positions.int64Pointer, y.pointer)
    return y
  }
}

extension Op {
  static let scattered = Op(
    "scattered", "y[indices[j]] = source[j]",
    samples: [
      Sample("rows", [.uniform([3, 5]), .integers([3, 2], 0..<5), .uniform([3, 2])]) {
        $0[0].scattered(axis: 1, indices: $0[1].sorted().values, $0[2])
      },
      Sample("columns", [.uniform([4, 2]), .integers([1, 2], 0..<4), .uniform([1, 2])]) {
        $0[0].scattered(axis: 0, indices: $0[1], $0[2])
      },
      Sample("none", [.uniform([2, 3]), .integers([2, 0], 0..<3), .uniform([2, 0])]) {
        $0[0].scattered(axis: 1, indices: $0[1], $0[2])
      },
    ],
    misuses: [
      Misuse("range", says: ["scattered", "index 5", "[3]"]) {
        _ = Tensor.ones([3]).scattered(axis: 0, indices: Tensor([5]), .ones([1]))
      },
      Misuse("source", says: ["scattered", "[2]", "[1]"]) {
        _ = Tensor.ones([3]).scattered(axis: 0, indices: Tensor([0, 1]), .ones([1]))
      },
    ])
  static let scatterCombined = Op(
    "scattered, combining", "y[indices[j]] = y[indices[j]] ∘ source[j]",
    samples: [
      Sample("max", [.uniform([3, 3]), .integers([3, 5], 0..<3), .uniform([3, 5])]) {
        $0[0].scattered(axis: 1, indices: $0[1], $0[2], combining: .max)
      },
      Sample("min", [.uniform([3, 3]), .integers([5, 3], 0..<3), .uniform([5, 3])]) {
        $0[0].scattered(axis: 0, indices: $0[1], $0[2], combining: .min)
      },
      Sample("product", [.uniform([2, 3], 0.5...2), .integers([2, 4], 0..<3), .uniform([2, 4], 0.5...2)]) {
        $0[0].scattered(axis: 1, indices: $0[1], $0[2], combining: .product)
      },
      Sample("sum", [.uniform([2, 3]), .integers([2, 4], 0..<3), .uniform([2, 4])]) {
        $0[0].scattered(axis: 1, indices: $0[1], $0[2], combining: .sum)
      },
      Sample("mean", [.uniform([3, 3]), .integers([3, 5], 0..<3), .uniform([3, 5])]) {
        $0[0].scattered(axis: 1, indices: $0[1], $0[2], combining: .mean)
      },
      Sample("others' mean", [.uniform([3, 4]), .integers([3, 3], 0..<4), .uniform([3, 3])]) {
        $0[0].scattered(axis: 1, indices: $0[1], $0[2], combining: .mean, includingSelf: false)
      },
      Sample("others' sum", [.uniform([4, 3]), .integers([3, 3], 0..<4), .uniform([3, 3])]) {
        $0[0].scattered(axis: 0, indices: $0[1], $0[2], combining: .sum, includingSelf: false)
      },
      Sample("others' product", [.uniform([2, 4]), .integers([2, 3], 0..<4), .uniform([2, 3], 0.5...2)]) {
        $0[0].scattered(axis: 1, indices: $0[1], $0[2], combining: .product, includingSelf: false)
      },
      Sample("others' max", [.uniform([2, 4]), .integers([2, 3], 0..<4), .uniform([2, 3])]) {
        $0[0].scattered(axis: 1, indices: $0[1], $0[2], combining: .max, includingSelf: false)
      },
      Sample("others' min", [.uniform([2, 4]), .integers([2, 3], 0..<4), .uniform([2, 3])]) {
        $0[0].scattered(axis: 1, indices: $0[1], $0[2], combining: .min, includingSelf: false)
      },
      Sample("none", [.uniform([2, 3]), .integers([2, 0], 0..<3), .uniform([2, 0])]) {
        $0[0].scattered(axis: 1, indices: $0[1], $0[2], combining: .max)
      },
    ],
    misuses: [
      Misuse("range", says: ["scattered", "index 5", "[3]"]) {
        _ = Tensor.ones([3]).scattered(axis: 0, indices: Tensor([5]), .ones([1]), combining: .max)
      },
      Misuse("mean of integers", says: ["scattered", ".mean", "int64 [3]", "floating-point"]) {
        _ = Tensor([1, 2, 3]).scattered(axis: 0, indices: Tensor([1]), Tensor([5]), combining: .mean)
      },
    ])
  static let maskedFilled = Op(
    "maskedFilled", "v where the mask is true",
    samples: [
      Sample("mask", [.uniform([3, 4]), .bools([3, 4])]) { $0[0].maskedFilled($0[1], with: -1.5) },
      Sample("rows", [.uniform([3, 4]), .bools([3, 1])]) { $0[0].maskedFilled($0[1], with: 2) },
      Sample("empty", [.uniform([0, 4]), .bools([4])]) { $0[0].maskedFilled($0[1], with: 2) },
    ],
    misuses: [
      Misuse("mask", says: ["maskedFilled", "float32", "[2]", "bool"]) {
        _ = Tensor.ones([2]).maskedFilled(.ones([2]), with: 0)
      }
    ])
}
