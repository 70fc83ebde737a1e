// Repeating, rolling and turning.
extension Tensor {
  /// Copies side by side: `counts[i]` of them along axis i; more counts than axes add axes in front.
  ///
  /// ```swift
  /// Tensor([1, 2]).tiled([2, 2])  // → [[1, 2, 1, 2], [1, 2, 1, 2]]
  /// ```
  public func tiled(_ counts: [Int]) -> Tensor {
    guard counts.count >= rank, counts.allSatisfy({ $0 >= 0 }) else {
      stop("tiled", "counts \(counts) for \(shape)", fix: "give a count, 0 or more, for each of the \(rank) axes")
    }
    let sizes = [Int](repeating: 1, count: counts.count - rank) + shape.dimensions
    // [n, m] is repeated as [1, n, 1, m] expanded to [a, n, b, m].
    let apart = zip(counts, sizes).flatMap { [1, $1] }
    let together = zip(counts, sizes).flatMap { [$0, $1] }
    return reshaped(Shape(apart)).expanded(to: Shape(together)).reshaped(Shape(zip(counts, sizes).map { $0 * $1 }))
  }

  /// Each element of `axis` `count` times in a row.
  ///
  /// ```swift
  /// Tensor([1, 2]).repeatedElements(2, axis: 0)  // → [1, 1, 2, 2]
  /// ```
  public func repeatedElements(_ count: Int, axis: Int) -> Tensor {
    if count < 0 { stop("repeatedElements", "a count of \(count)", fix: "use 0 or more") }
    let axis = shape.resolved(axis, for: "repeatedElements")
    var apart = shape.dimensions
    apart.insert(count, at: axis + 1)
    var together = shape.dimensions
    together[axis] *= count
    return unsqueezed(axis + 1).expanded(to: Shape(apart)).reshaped(Shape(together))
  }

  /// Element j of `axis` `counts[j]` times in a row; `counts` is a vector of integers.
  ///
  /// ```swift
  /// Tensor([5, 6, 7]).repeatedElements(Tensor([2, 0, 1]), axis: 0)  // → [5, 5, 7]
  /// ```
  public func repeatedElements(_ counts: Tensor, axis: Int) -> Tensor {
    let axis = shape.resolved(axis, for: "repeatedElements")
    guard counts.dtype.isInteger, counts.shape == [shape.dimensions[axis]] else {
      stop(
        "repeatedElements", "\(counts.dtype) counts \(counts.shape) for axis \(axis) of \(shape)",
        fix: "pass one integer for each element of the axis")
    }
    let times = counts.scalars(as: Int.self)
    let indices = times.enumerated().flatMap { [Int](repeating: $0, count: Swift.max($1, 0)) }
    return indexSelected(axis: axis, indices: Tensor(indices))
  }

  /// The elements of `axis` moved on by `shift` places; those that leave the end come in at the beginning.
  ///
  /// ```swift
  /// Tensor([1, 2, 3]).rolled(1, axis: 0)  // → [3, 1, 2]
  /// ```
  public func rolled(_ shift: Int, axis: Int) -> Tensor {
    let axis = shape.resolved(axis, for: "rolled")
    let n = shape.dimensions[axis]
    if n == 0 { return self }
    let start = ((-shift) % n + n) % n
    return Tensor.concatenated(
      [sliced(axis: axis, from: start, to: n), sliced(axis: axis, from: 0, to: start)], axis: axis)
  }

  /// Turned by `quarters` quarter turns from the first axis towards the second. A view.
  ///
  /// ```swift
  /// Tensor([[1, 2], [3, 4]]).rotated(quarters: 1)  // → [[2, 4], [1, 3]]
  /// ```
  public func rotated(quarters: Int, axes: (Int, Int) = (0, 1)) -> Tensor {
    let (first, second) = (shape.resolved(axes.0, for: "rotated"), shape.resolved(axes.1, for: "rotated"))
    if first == second { stop("rotated", "axis \(first) twice", fix: "name two different axes of \(shape)") }
    switch ((quarters % 4) + 4) % 4 {
    case 1: return flipped([second]).transposed(first, second)
    case 2: return flipped([first, second])
    case 3: return transposed(first, second).flipped([second])
    default: return self
    }
  }

  /// Coordinates of a grid: for vectors of lengths n, m, …, one tensor of shape [n, m, …] for each, that varies along
  /// its axis only. Views.
  ///
  /// ```swift
  /// Tensor.meshgrid([Tensor([1, 2]), Tensor([5, 6])])[1]  // → [[5, 6], [5, 6]]
  /// ```
  public static func meshgrid(_ vectors: [Tensor]) -> [Tensor] {
    for vector in vectors where vector.rank != 1 {
      stop("meshgrid", "one of the tensors has shape \(vector.shape)", fix: "pass vectors")
    }
    let shape = Shape(vectors.map(\.count))
    return vectors.enumerated().map { axis, vector in
      var place = [Int](repeating: 1, count: vectors.count)
      place[axis] = vector.count
      return vector.reshaped(Shape(place)).expanded(to: shape)
    }
  }
}

extension Op {
  static let tiled = Op(
    "tiled", "copies side by side",
    samples: [
      Sample("matrix", [.uniform([2, 3])]) { $0[0].tiled([2, 3]) },
      Sample("new axis", [.uniform([3])]) { $0[0].tiled([2, 1, 2]) },
      Sample("empty", [.uniform([0, 3])]) { $0[0].tiled([2, 2]) },
    ],
    misuses: [Misuse("counts", says: ["tiled", "[2]", "[2, 3]"]) { _ = Tensor.ones([2, 3]).tiled([2]) }])
  static let repeatedElements = Op(
    "repeatedElements", "each element several times",
    samples: [
      Sample("rows", [.uniform([2, 3])]) { $0[0].repeatedElements(3, axis: 0) },
      Sample("counts", [.uniform([2, 3])]) { $0[0].repeatedElements(Tensor([2, 0, 1]), axis: 1) },
      Sample("empty", [.uniform([0, 3])]) { $0[0].repeatedElements(2, axis: 1) },
    ],
    misuses: [
      Misuse("counts", says: ["repeatedElements", "[2]", "[2, 3]"]) {
        _ = Tensor.ones([2, 3]).repeatedElements(Tensor([1, 1]), axis: 1)
      }
    ])
  static let rolled = Op(
    "rolled", "moved on around the end",
    samples: [
      Sample("forward", [.uniform([2, 5])]) { $0[0].rolled(2, axis: 1) },
      Sample("backward", [.uniform([4, 2])]) { $0[0].rolled(-5, axis: 0) },
      Sample("empty", [.uniform([0, 2])]) { $0[0].rolled(1, axis: 0) },
    ],
    misuses: [Misuse("axis", says: ["rolled", "[2]", "no axis 1"]) { _ = Tensor.ones([2]).rolled(1, axis: 1) }])
  static let rotated = Op(
    "rotated", "turned by quarter turns",
    samples: [
      Sample("one", [.uniform([2, 3])]) { $0[0].rotated(quarters: 1) },
      Sample("minus one", [.uniform([2, 3, 2])]) { $0[0].rotated(quarters: -1, axes: (1, 2)) },
      Sample("empty", [.uniform([0, 2])]) { $0[0].rotated(quarters: 2) },
    ],
    misuses: [
      Misuse("axes", says: ["rotated", "[2]", "axis"]) { _ = Tensor.ones([2]).rotated(quarters: 1, axes: (0, 0)) }
    ]
  )
  static let meshgrid = Op(
    "meshgrid", "coordinates of a grid",
    samples: [
      Sample("two", [.uniform([2]), .uniform([3])]) { Tensor.meshgrid($0) },
      Sample("three", [.uniform([2]), .uniform([1]), .uniform([2])]) { Tensor.meshgrid($0) },
      Sample("empty", [.uniform([0]), .uniform([3])]) { Tensor.meshgrid($0) },
    ],
    misuses: [Misuse("rank", says: ["meshgrid", "[2, 2]", "vectors"]) { _ = Tensor.meshgrid([.ones([2, 2])]) }])
}
