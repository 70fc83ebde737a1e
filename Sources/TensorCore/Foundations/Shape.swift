/// The sizes of a tensor's dimensions, outermost first: `[batch, channels, height, width]`.
///
/// ```swift
/// let shape: Shape = [2, 3, 4]
/// shape.rank  // → 3
/// shape.elementCount  // → 24
/// shape[-1]  // → 4
/// ```
public struct Shape: Sendable, Hashable, ExpressibleByArrayLiteral, CustomStringConvertible {
  public let dimensions: [Int]

  /// Stops when a size is negative or there are more than eight dimensions.
  public init(_ dimensions: [Int]) {
    if dimensions.count > Shape.maximumRank {
      stop(
        "Shape", "\(dimensions) has \(dimensions.count) dimensions, more than \(Shape.maximumRank)",
        fix: "merge dimensions with reshaped(...)")
    }
    for size in dimensions where size < 0 {
      stop("Shape", "\(dimensions) has a negative size", fix: "sizes are 0 or more; only reshaped(...) takes one -1")
    }
    self.dimensions = dimensions
  }

  public init(arrayLiteral elements: Int...) { self.init(elements) }

  /// The most dimensions that a tensor can have.
  public static let maximumRank = 8

  /// The number of dimensions.
  public var rank: Int { dimensions.count }

  /// The product of all sizes; 1 for a scalar's empty shape.
  public var elementCount: Int {
    var product = 1
    for size in dimensions { product *= size }
    return product
  }

  /// The size of one dimension; negative numbers count from the last.
  public subscript(axis: Int) -> Int { dimensions[axis < 0 ? axis + rank : axis] }

  public var description: String { dimensions.description }

  /// The row-major strides of a tensor of this shape, in elements.
  var rowMajorStrides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    var step = 1
    for axis in stride(from: rank - 1, through: 0, by: -1) {
      strides[axis] = step
      step *= max(dimensions[axis], 1)
    }
    return strides
  }

  /// The shape that two shapes broadcast to, or nil: aligned at the last dimension, sizes are equal or one of them is
  /// 1.
  ///
  /// ```swift
  /// Shape.broadcast([3, 1], [4]) ?? []  // → [3, 4]
  /// ```
  public static func broadcast(_ a: Shape, _ b: Shape) -> Shape? {
    if a == b { return a }
    let rank = max(a.rank, b.rank)
    var sizes = [Int](repeating: 1, count: rank)
    for offset in 1..<(rank + 1) {
      let x = offset <= a.rank ? a.dimensions[a.rank - offset] : 1
      let y = offset <= b.rank ? b.dimensions[b.rank - offset] : 1
      guard x == y || x == 1 || y == 1 else { return nil }
      sizes[rank - offset] = x == 1 ? y : x
    }
    return Shape(sizes)
  }

  /// The dimension that `axis` means, negative ones counted from the last; stops when there is none.
  func resolved(_ axis: Int, for op: String) -> Int {
    let resolved = axis < 0 ? axis + rank : axis
    guard dimensions.indices.contains(resolved) else {
      stop(
        op, "\(self) has no axis \(axis)",
        fix: rank == 0 ? "a scalar has no axes" : "use an axis in \(-rank)..<\(rank)")
    }
    return resolved
  }

  /// The distinct dimensions that `axes` mean, in ascending order; an empty list means all.
  func resolved(_ axes: [Int], for op: String) -> [Int] {
    if axes.isEmpty { return Array(0..<rank) }
    let sorted = axes.map { resolved($0, for: op) }.sorted()
    for (first, second) in zip(sorted, sorted.dropFirst()) where first == second {
      stop(op, "axes \(axes) name axis \(first) of \(self) twice", fix: "name each axis once")
    }
    return sorted
  }

  func removing(_ axes: [Int], keepingDimensions: Bool) -> Shape {
    Shape(
      dimensions.enumerated().compactMap { axis, size in
        axes.contains(axis) ? (keepingDimensions ? 1 : nil) : size
      })
  }
}
