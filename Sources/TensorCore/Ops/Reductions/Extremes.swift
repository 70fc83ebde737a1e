import CKernels

// Largest and smallest elements. The first of equals wins; NaN counts as the extreme.
extension Tensor {
  /// The largest elements over `axes`; the gradient goes to the winners. Stops when there is nothing to choose from.
  ///
  /// ```swift
  /// Tensor([[1.0, 5.0], [7.0, 3.0]]).max(axis: 1)  // → [5.0, 7.0]
  /// ```
  public func max(axes: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    extreme(GB_MAX, GB_ARGMAX, "max", axes, keepingDimensions)
  }

  /// The smallest elements over `axes`; the gradient goes to the winners. Stops when there is nothing to choose from.
  ///
  /// ```swift
  /// Tensor([[1.0, 5.0], [3.0, 2.0]]).min(axes: [1])  // → [1.0, 2.0]
  /// ```
  public func min(axes: [Int] = [], keepingDimensions: Bool = false) -> Tensor {
    extreme(GB_MIN, GB_ARGMIN, "min", axes, keepingDimensions)
  }

  public func max(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    max(axes: [axis], keepingDimensions: keepingDimensions)
  }
  public func min(axis: Int, keepingDimensions: Bool = false) -> Tensor {
    min(axes: [axis], keepingDimensions: keepingDimensions)
  }

  /// The largest elements along one axis and where they stand.
  ///
  /// ```swift
  /// let (values, indices) = Tensor([[1.0, 5.0], [7.0, 3.0]]).maxWithIndices(axis: 1)
  /// values  // → [5.0, 7.0]
  /// indices  // → [1, 0]
  /// ```
  public func maxWithIndices(axis: Int, keepingDimensions: Bool = false) -> (values: Tensor, indices: Tensor) {
    withIndices(GB_ARGMAX, "max", axis, keepingDimensions)
  }

  /// The smallest elements along one axis and where they stand.
  ///
  /// ```swift
  /// Tensor([[4.0, 1.0]]).minWithIndices(axis: 1).indices  // → [1]
  /// ```
  public func minWithIndices(axis: Int, keepingDimensions: Bool = false) -> (values: Tensor, indices: Tensor) {
    withIndices(GB_ARGMIN, "min", axis, keepingDimensions)
  }

  /// Where the largest element along `axis` stands, as int64; without an axis, in the flattened tensor.
  ///
  /// ```swift
  /// Tensor([[1.0, 5.0], [7.0, 3.0]]).argmax(axis: 1)  // → [1, 0]
  /// Tensor([[1.0, 5.0], [7.0, 3.0]]).argmax().item(Int.self)  // → 2
  /// ```
  public func argmax(axis: Int? = nil, keepingDimensions: Bool = false) -> Tensor {
    position(GB_ARGMAX, "argmax", axis, keepingDimensions)
  }

  /// Where the smallest element along `axis` stands, as int64; without an axis, in the flattened tensor.
  ///
  /// ```swift
  /// Tensor([4.0, 1.0, 2.0]).argmin()  // → 1
  /// ```
  public func argmin(axis: Int? = nil, keepingDimensions: Bool = false) -> Tensor {
    position(GB_ARGMIN, "argmin", axis, keepingDimensions)
  }

  private func extreme(
    _ op: gb_reduce_op, _ positionOp: gb_reduce_op, _ name: String, _ axes: [Int], _ keepingDimensions: Bool
  ) -> Tensor {
    let axes = rank == 0 && axes.isEmpty ? [] : shape.resolved(axes, for: name)
    Reduction.requireElements(name, self, axes)
    guard Tape.records(self) else {
      return Reduction.run(op, self, axes: axes, keepingDimensions: keepingDimensions, result: dtype)
    }
    // Several axes become one, the last, so that the winners can be gathered along it.
    let kept = (0..<rank).filter { !axes.contains($0) }
    let rows = permuted(kept + axes)
      .reshaped(Shape(kept.map { shape.dimensions[$0] } + [axes.reduce(1) { $0 * shape.dimensions[$1] }]))
    let winners = Reduction.run(positionOp, rows, axes: [rows.rank - 1], keepingDimensions: true, result: .int64)
    return rows.gathered(axis: -1, indices: winners).reshaped(
      shape.removing(axes, keepingDimensions: keepingDimensions))
  }

  private func withIndices(
    _ op: gb_reduce_op, _ name: String, _ axis: Int, _ keepingDimensions: Bool
  ) -> (values: Tensor, indices: Tensor) {
    let axis = shape.resolved(axis, for: name)
    Reduction.requireElements(name, self, [axis])
    let indices = Reduction.run(op, self, axes: [axis], keepingDimensions: true, result: .int64)
    let values = gathered(axis: axis, indices: indices)
    let positions = (keepingDimensions ? indices : indices.squeezed(axis))
      .recordedAsConstant("\(name)WithIndices", from: self, because: "a position is constant between jumps")
    return (keepingDimensions ? values : values.squeezed(axis), positions)
  }

  private func position(_ op: gb_reduce_op, _ name: String, _ axis: Int?, _ keepingDimensions: Bool) -> Tensor {
    guard let axis else {
      if count == 0 { stop(name, "shape \(shape) has no elements", fix: "check for an empty tensor first") }
      return Reduction.run(op, reshaped([count]), axes: [0], keepingDimensions: false, result: .int64)
        .recordedAsConstant(name, from: self, because: "a position is constant between jumps")
    }
    let resolved = shape.resolved(axis, for: name)
    Reduction.requireElements(name, self, [resolved])
    return Reduction.run(op, self, axes: [resolved], keepingDimensions: keepingDimensions, result: .int64)
      .recordedAsConstant(name, from: self, because: "a position is constant between jumps")
  }
}

extension Op {
  private static func empty(_ name: String, _ f: @escaping @Sendable (Tensor) -> Tensor) -> [Misuse] {
    [Misuse("nothing to choose from", says: [name, "[3, 0]", "no elements", "empty"]) { _ = f(Tensor.ones([3, 0])) }]
  }

  static let max = reduction("max", "y = max x", emptyIsDefined: false, misuses: empty("max") { $0.max(axis: 1) }) {
    $0.max(axes: $1, keepingDimensions: $2)
  }
  static let min = reduction("min", "y = min x", emptyIsDefined: false, misuses: empty("min") { $0.min(axis: 1) }) {
    $0.min(axes: $1, keepingDimensions: $2)
  }
  static let maxWithIndices = Op(
    "maxWithIndices", "the largest elements and where they stand",
    samples: [
      Sample("rows", [.uniform([3, 4])]) {
        let m = $0[0].maxWithIndices(axis: 1)
        return [m.values, m.indices]
      },
      Sample("columns kept", [.uniform([3, 4])]) {
        let m = $0[0].maxWithIndices(axis: 0, keepingDimensions: true)
        return [m.values, m.indices]
      },
      Sample("no rows", [.uniform([0, 4])]) {
        let m = $0[0].maxWithIndices(axis: 1)
        return [m.values, m.indices]
      },
    ], misuses: empty("max") { $0.maxWithIndices(axis: 1).values })
  static let minWithIndices = Op(
    "minWithIndices", "the smallest elements and where they stand",
    samples: [
      Sample("rows", [.uniform([3, 4])]) {
        let m = $0[0].minWithIndices(axis: 1)
        return [m.values, m.indices]
      },
      Sample("no rows", [.uniform([0, 4])]) {
        let m = $0[0].minWithIndices(axis: 1)
        return [m.values, m.indices]
      },
    ], misuses: empty("min") { $0.minWithIndices(axis: 1).values })
  static let argmax = positions("argmax") { $0.argmax(axis: $1) }
  static let argmin = positions("argmin") { $0.argmin(axis: $1) }

  private static func positions(_ name: String, _ f: @escaping @Sendable (Tensor, Int?) -> Tensor) -> Op {
    Op(
      name, "where the extreme element stands", derivative: .none,
      samples: [
        Sample("all", [.uniform([3, 4])]) { f($0[0], nil) },
        Sample("rows", [.uniform([3, 4])]) { f($0[0], -1) },
        Sample("columns", [.uniform([3, 4])]) { f($0[0], 0) },
        Sample("middle", [.uniform([2, 3, 4])]) { f($0[0], 1) },
        Sample("no rows", [.uniform([0, 4])]) { f($0[0], 1) },
      ], misuses: empty(name) { f($0, 1) })
  }
}
