import CKernels

/// What `scattered` does with what an element holds already.
public enum ScatterReduction: Sendable {
  case product, max, min
}

// Writing elements at indices, and filling by masks. `scatterAdded` adds instead.
extension Tensor {
  /// A copy with each element of `source` written where its index says: y[i, indices[i, j, k], k] = source[i, j, k] for axis 1. Of
  /// several writes to one place the last one stays.
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

  /// A copy with each element of `source` combined with what stands where its index says, and with what else is written there. The
  /// gradient of an extreme is shared among equals; that of a product stops where a factor is 0.
  ///
  /// ```swift
  /// Tensor.zeros([2]).scattered(axis: 0, indices: Tensor([0, 0]), Tensor([5.0, 7.0]), combining: .max)  // → [7.0, 0.0]
  /// ```
  public func scattered(axis: Int, indices: Tensor, _ source: Tensor, combining reduction: ScatterReduction) -> Tensor {
    let axis = shape.resolved(axis, for: "scattered")
    let positions = checkedScatter("scattered", axis, indices, source)
    let op =
      switch reduction {
      case .product: GB_SCATTER_PRODUCT
      case .max: GB_SCATTER_MAX
      case .min: GB_SCATTER_MIN
      }
    let y = written(op, axis, positions, source)
    guard Tape.records(self, source) else { return y }
    @Sendable func here(_ x: Tensor) -> Tensor { x.gathered(axis: axis, indices: positions) }
    if reduction == .product {
      return y.recorded(
        "scattered",
        from: self,
        { g in
          g * self.scattered(axis: axis, indices: positions, source, combining: .product) / self
        },
        from: source,
        { g in
          here(g * self.scattered(axis: axis, indices: positions, source, combining: .product)) / source
        })
    }
    let mine = (detached() .== y).cast(to: dtype)
    let theirs = (source.detached() .== here(y)).cast(to: dtype)
    let share = mine.scatterAdded(axis: axis, indices: positions, theirs).reciprocal()
    let bounded = Tensor.where(share.isFinite(), share, Tensor.zeros([], dtype: dtype))
    return y.recorded(
      "scattered",
      from: self, { g in g * mine * bounded },
      from: source, { g in here(g * bounded) * theirs })
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
      Sample("none", [.uniform([2, 3]), .integers([2, 0], 0..<3), .uniform([2, 0])]) {
        $0[0].scattered(axis: 1, indices: $0[1], $0[2], combining: .max)
      },
    ],
    misuses: [
      Misuse("range", says: ["scattered", "index 5", "[3]"]) {
        _ = Tensor.ones([3]).scattered(axis: 0, indices: Tensor([5]), .ones([1]), combining: .max)
      }
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
