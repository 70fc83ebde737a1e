// Pooling to a given size, whatever the size of the picture.

/// The mean of each of size.height × size.width windows that together cover the picture: window i of n reaches from
/// ⌊i·size/n⌋ to ⌈(i + 1)·size/n⌉. x [batch, channels, height, width] → [batch, channels, size.height, size.width].
///
/// ```swift
/// adaptiveAveragePool2d(Tensor([[[[1.0, 2.0], [3.0, 6.0]]]]), to: 1)  // → [[[[3.0]]]]
/// ```
public func adaptiveAveragePool2d(_ x: Tensor, to size: Size2D) -> Tensor {
  AdaptiveWindow.check("adaptiveAveragePool2d", x, size)
  if size == 1 { return x.mean(axes: [2, 3], keepingDimensions: true) }
  let (high, wide) = (x.shape[2], x.shape[3])
  if high % size.height == 0 && wide % size.width == 0 {
    return averagePool2d(x, kernel: Size2D(high / size.height, wide / size.width))
  }
  return AxisMap.apply(
    "adaptiveAveragePool2d",
    [AdaptiveWindow.means(from: high, to: size.height), AdaptiveWindow.means(from: wide, to: size.width)], to: x)
}

/// The largest element of each of size.height × size.width windows that together cover the picture: window i of n
/// reaches from ⌊i·size/n⌋ to ⌈(i + 1)·size/n⌉. x [batch, channels, height, width] → [batch, channels, size.height,
/// size.width].
///
/// ```swift
/// adaptiveMaxPool2d(Tensor([[[[1.0, 2.0], [3.0, 6.0]]]]), to: 1)  // → [[[[6.0]]]]
/// ```
public func adaptiveMaxPool2d(_ x: Tensor, to size: Size2D) -> Tensor {
  AdaptiveWindow.check("adaptiveMaxPool2d", x, size)
  let (high, wide) = (x.shape[2], x.shape[3])
  if high % size.height == 0 && wide % size.width == 0 {
    return maxPool2d(x, kernel: Size2D(high / size.height, wide / size.width))
  }
  let rows = (0..<size.height).map { i in
    let range = AdaptiveWindow.range(i, from: high, to: size.height)
    return x.sliced(axis: 2, from: range.lowerBound, to: range.upperBound)
  }
  return Tensor.concatenated(
    rows.map { row in
      Tensor.concatenated(
        (0..<size.width).map { j in
          let range = AdaptiveWindow.range(j, from: wide, to: size.width)
          return row.sliced(axis: 3, from: range.lowerBound, to: range.upperBound)
            .max(axes: [2, 3], keepingDimensions: true)
        }, axis: 3)
    }, axis: 2)
}

/// The mean of each of `size` windows that together cover the sequence: x [batch, channels, length] → [batch, channels,
/// size]. Windows are those of `adaptiveAveragePool2d`.
///
/// ```swift
/// adaptiveAveragePool1d(Tensor([[[1.0, 2.0, 6.0]]]), to: 2)  // → [[[1.5, 4.0]]]
/// ```
public func adaptiveAveragePool1d(_ x: Tensor, to size: Int) -> Tensor {
  adaptive1d("adaptiveAveragePool1d", x) { adaptiveAveragePool2d($0, to: [1, size]) }
}

/// The largest element of each of `size` windows that together cover the sequence: x [batch, channels, length] →
/// [batch, channels, size]. Windows are those of `adaptiveAveragePool2d`.
///
/// ```swift
/// adaptiveMaxPool1d(Tensor([[[1.0, 2.0, 6.0]]]), to: 2)  // → [[[2.0, 6.0]]]
/// ```
public func adaptiveMaxPool1d(_ x: Tensor, to size: Int) -> Tensor {
  adaptive1d("adaptiveMaxPool1d", x) { adaptiveMaxPool2d($0, to: [1, size]) }
}

/// The mean of each of so many windows that together cover the volume: x [batch, channels, depth, height, width] →
/// [batch, channels, size.depth, size.height, size.width]. Windows are those of `adaptiveAveragePool2d`.
///
/// ```swift
/// adaptiveAveragePool3d(Tensor.ones([1, 1, 5, 4, 3]), to: 2).shape  // → [1, 1, 2, 2, 2]
/// ```
public func adaptiveAveragePool3d(_ x: Tensor, to size: Size3D) -> Tensor {
  adaptive3d("adaptiveAveragePool3d", x, size, adaptiveAveragePool2d)
}

/// The largest element of each of so many windows that together cover the volume: x [batch, channels, depth, height,
/// width] → [batch, channels, size.depth, size.height, size.width]. Windows are those of `adaptiveAveragePool2d`.
///
/// ```swift
/// adaptiveMaxPool3d(Tensor.ones([1, 1, 5, 4, 3]), to: 2).shape  // → [1, 1, 2, 2, 2]
/// ```
public func adaptiveMaxPool3d(_ x: Tensor, to size: Size3D) -> Tensor {
  adaptive3d("adaptiveMaxPool3d", x, size, adaptiveMaxPool2d)
}

private func adaptive1d(_ op: String, _ x: Tensor, _ pool: (Tensor) -> Tensor) -> Tensor {
  if x.rank != 3 { stop(op, "x has shape \(x.shape)", fix: "x is [batch, channels, length]") }
  return pool(x.unsqueezed(2)).squeezed(2)
}

private func adaptive3d(_ op: String, _ x: Tensor, _ size: Size3D, _ pool: (Tensor, Size2D) -> Tensor) -> Tensor {
  pooled3d(op, x) {
    pool($0, size.plane)
  } inDepth: {
    pool($0, Size2D(size.depth, $0.shape[3]))
  }
}

/// The windows of adaptive pooling.
enum AdaptiveWindow {
  /// The pixels of window i of `to` along an axis of `from`.
  static func range(_ i: Int, from: Int, to: Int) -> Range<Int> { (i * from / to)..<(((i + 1) * from + to - 1) / to) }

  /// The mean of each window.
  static func means(from: Int, to: Int) -> AxisMap {
    let rows = (0..<to).map { i in
      let window = range(i, from: from, to: to)
      return window.map { (column: $0, weight: 1 / Double(window.count)) }
    }
    return AxisMap(from: from, rows: rows)
  }

  static func check(_ op: String, _ x: Tensor, _ size: Size2D) {
    guard x.rank == 4, x.dtype.isFloatingPoint, x.shape[2] > 0, x.shape[3] > 0, size.height > 0, size.width > 0 else {
      stop(
        op, "x \(x.dtype) \(x.shape) to \(size)",
        fix: "x is a floating-point [batch, channels, height, width]; all sizes are at least 1")
    }
  }
}

extension Op {
  private static func adaptive(_ name: String, _ formula: String, _ f: @escaping @Sendable (Tensor, Size2D) -> Tensor)
    -> Op
  {
    Op(
      name, formula,
      samples: [
        Sample("whole", [.uniform([2, 2, 3, 4])]) { f($0[0], 1) },
        Sample("even", [.uniform([1, 2, 4, 6])]) { f($0[0], [2, 3]) },
        Sample("uneven", [.uniform([1, 2, 5, 7])]) { f($0[0], [3, 4]) },
        Sample("larger", [.uniform([1, 1, 2, 3])]) { f($0[0], [3, 4]) },
        Sample("empty batch", [.uniform([0, 2, 4, 4])]) { f($0[0], 2) },
      ],
      misuses: [Misuse("rank", says: [name, "[4, 4]", "height"]) { _ = f(.ones([4, 4]), 2) }])
  }
  static let adaptiveAveragePool2d = adaptive("adaptiveAveragePool2d", "y = mean over each window") {
    TensorCore.adaptiveAveragePool2d($0, to: $1)
  }
  static let adaptiveMaxPool2d = adaptive("adaptiveMaxPool2d", "y = max over each window") {
    TensorCore.adaptiveMaxPool2d($0, to: $1)
  }
  private static func adaptive1d(_ name: String, _ f: @escaping @Sendable (Tensor, Int) -> Tensor) -> Op {
    Op(
      name, "over each window",
      samples: [
        Sample("uneven", [.uniform([2, 2, 7])]) { f($0[0], 3) },
        Sample("empty batch", [.uniform([0, 2, 4])]) { f($0[0], 2) },
      ],
      misuses: [Misuse("rank", says: [name, "[4, 4]", "length"]) { _ = f(.ones([4, 4]), 2) }])
  }
  private static func adaptive3d(_ name: String, _ f: @escaping @Sendable (Tensor, Size3D) -> Tensor) -> Op {
    Op(
      name, "over each window",
      samples: [
        Sample("uneven", [.uniform([1, 2, 5, 4, 3])]) { f($0[0], [3, 3, 2]) },
        Sample("empty batch", [.uniform([0, 2, 4, 2, 2])]) { f($0[0], 2) },
      ],
      misuses: [Misuse("rank", says: [name, "[4, 4]", "depth"]) { _ = f(.ones([4, 4]), 2) }])
  }
  static let adaptiveAveragePool1d = adaptive1d("adaptiveAveragePool1d") {
    TensorCore.adaptiveAveragePool1d($0, to: $1)
  }
  static let adaptiveMaxPool1d = adaptive1d("adaptiveMaxPool1d") { TensorCore.adaptiveMaxPool1d($0, to: $1) }
  static let adaptiveAveragePool3d = adaptive3d("adaptiveAveragePool3d") {
    TensorCore.adaptiveAveragePool3d($0, to: $1)
  }
  static let adaptiveMaxPool3d = adaptive3d("adaptiveMaxPool3d") { TensorCore.adaptiveMaxPool3d($0, to: $1) }
}
