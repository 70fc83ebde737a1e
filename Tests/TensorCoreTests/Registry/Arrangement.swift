@testable import TensorCore

/// Ways in which the same elements can stand in memory.
enum Arrangement: CaseIterable, Sendable {
  /// Axes permuted: column-major.
  case columnMajor
  /// Gaps between neighbours, and in front.
  case spaced
  /// Every axis backwards.
  case backwards
  /// Row-major, but not from the beginning of the storage.
  case offset

  /// The same elements, arranged so. What lies in the gaps would be noticed: NaN, true, or an index out of every range.
  func of(_ x: Tensor) -> Tensor {
    let axes = Array(0..<x.rank)
    switch self {
    case .columnMajor:
      let order = Array(axes.reversed())
      return Tensor.copying(x.permuted(order), to: x.dtype).permuted(order)
    case .backwards:
      return Tensor.copying(x.flipped(axes), to: x.dtype).flipped(axes)
    case .spaced:
      let wide = Shape(x.shape.dimensions.map { 2 * $0 + 1 })
      let steps = wide.rowMajorStrides
      return inside(wide.elementCount, x, strides: steps.map { 2 * $0 }, offset: steps.reduce(0, +))
    case .offset:
      return inside(x.count + 12, x, strides: x.shape.rowMajorStrides, offset: 5)
    }
  }

  private func inside(_ size: Int, _ x: Tensor, strides: [Int], offset: Int) -> Tensor {
    let poison = x.dtype.isFloatingPoint ? Double.nan : x.dtype == .bool ? 1 : 1e6
    let storage = Tensor.full([Swift.max(size, offset + 1)], poison, dtype: x.dtype).storage
    let view = Tensor(storage: storage, layout: Layout(x.shape, strides: strides), offset: offset)
    x.copyElements(into: Tensor(storage: storage, layout: Layout([storage.count])), strides: strides, at: offset)
    return view
  }
}
