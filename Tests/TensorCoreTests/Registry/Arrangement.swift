import TensorCore

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
    case .columnMajor: return x.permuted(axes.reversed()).contiguous().permuted(axes.reversed())
    case .backwards: return x.flipped(axes).contiguous().flipped(axes)
    case .offset:
      let gap = Arrangement.poison([5], x.dtype)
      return Tensor.concatenated([gap, x.reshaped([x.count]), gap])[5..<(5 + x.count)].reshaped(x.shape)
    case .spaced:
      // Each axis in turn is spaced out, and moved to the back.
      var wide = x
      for _ in axes {
        let gap = Arrangement.poison(wide.shape, x.dtype)
        let pairs = Tensor.stacked([gap, wide], axis: 1).flattened(from: 0, through: 1)
        wide = Tensor.concatenated([pairs, pairs[..<1]]).permuted(Array(axes.dropFirst()) + [0])
      }
      wide = wide.contiguous()
      for _ in axes { wide = wide[.slice(from: 1, by: 2)].permuted(Array(axes.dropFirst()) + [0]) }
      return wide
    }
  }

  private static func poison(_ shape: Shape, _ dtype: DType) -> Tensor {
    Tensor.full(shape, dtype.isFloatingPoint ? .nan : dtype == .bool ? 1 : 1e6, dtype: dtype)
  }
}
