/// How a shape's elements stand in a storage. Immutable and shared: the result of an element-wise op has its input's
/// layout.
final class Layout: Sendable {
  let shape: Shape
  /// Steps between neighbours along each axis, in elements; 0 where a dimension is broadcast.
  let strides: [Int]
  let count: Int
  /// Row-major without gaps.
  let isContiguous: Bool

  /// Row-major.
  init(_ shape: Shape) {
    self.shape = shape
    strides = shape.rowMajorStrides
    count = shape.elementCount
    isContiguous = true
  }

  init(_ shape: Shape, strides: [Int]) {
    self.shape = shape
    self.strides = strides
    count = shape.elementCount
    var expected = 1
    var contiguous = true
    for axis in stride(from: shape.rank - 1, through: 0, by: -1) where shape.dimensions[axis] != 1 {
      if strides[axis] != expected { contiguous = false }
      expected *= shape.dimensions[axis]
    }
    isContiguous = contiguous || count == 0
  }

  static let scalar = Layout([])
}
