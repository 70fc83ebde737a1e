// Pooling of sequences and volumes, by that of pictures; `ceilMode` is explained there.

/// The largest element of each window of sequences; padding never wins.
///
/// x [batch, channels, length] → [batch, channels, out] with out = ⌊(length + 2·padding − dilation·(kernel − 1) −
/// 1)/stride⌋ + 1. The padding is at most half of the kernel. Stops when the window does not fit.
///
/// ```swift
/// maxPool1d(Tensor([[[1.0, 3.0, 2.0, 0.0]]]), kernel: 2)  // → [[[3.0, 2.0]]]
/// ```
public func maxPool1d(
  _ x: Tensor, kernel: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceilMode: Bool = false
) -> Tensor {
  maxPool1dWithIndices(
    x, kernel: kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode
  ).values
}

/// The same, and where each largest element stands in its channel (int64): what `maxUnpooled` takes.
///
/// ```swift
/// maxPool1dWithIndices(Tensor([[[1.0, 3.0, 2.0, 0.0]]]), kernel: 2).indices  // → [[[1, 2]]]
/// ```
public func maxPool1dWithIndices(
  _ x: Tensor, kernel: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1, ceilMode: Bool = false
) -> (values: Tensor, indices: Tensor) {
  if x.rank != 3 { stop("maxPool1d", "x has shape \(x.shape)", fix: "x is [batch, channels, length]") }
  let y = maxPool2dWithIndices(
    x.unsqueezed(2), kernel: [1, kernel], stride: [1, stride ?? kernel], padding: [0, padding],
    dilation: [1, dilation], ceilMode: ceilMode)
  return (y.values.squeezed(2), y.indices.squeezed(2))
}

/// The mean of each window of sequences; with `countPadding`, zeros of the padding count as elements; with a `divisor`, the
/// sum is divided by that instead of the number of elements.
///
/// x [batch, channels, length] → [batch, channels, out] with out = ⌊(length + 2·padding − kernel)/stride⌋ + 1. The
/// padding is at most half of the kernel. Stops when the window does not fit.
///
/// ```swift
/// averagePool1d(Tensor([[[1.0, 3.0, 2.0, 0.0]]]), kernel: 2)  // → [[[2.0, 1.0]]]
/// ```
public func averagePool1d(
  _ x: Tensor, kernel: Int, stride: Int? = nil, padding: Int = 0, ceilMode: Bool = false, countPadding: Bool = true,
  divisor: Int? = nil
) -> Tensor {
  if x.rank != 3 { stop("averagePool1d", "x has shape \(x.shape)", fix: "x is [batch, channels, length]") }
  return averagePool2d(
    x.unsqueezed(2), kernel: [1, kernel], stride: [1, stride ?? kernel], padding: [0, padding],
    ceilMode: ceilMode, countPadding: countPadding, divisor: divisor
  ).squeezed(2)
}

/// The largest element of each window of volumes; padding never wins. First in the plane, then in depth.
///
/// x [batch, channels, depth, height, width] → [batch, channels, out depth, out height, out width] with out = ⌊(size +
/// 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1. The padding is at most half of the kernel. Stops when the window
/// does not fit.
///
/// ```swift
/// maxPool3d(Tensor.ones([1, 1, 4, 4, 4]), kernel: 2).shape  // → [1, 1, 2, 2, 2]
/// ```
public func maxPool3d(
  _ x: Tensor, kernel: Size3D, stride: Size3D? = nil, padding: Size3D = 0, dilation: Size3D = 1,
  ceilMode: Bool = false
) -> Tensor {
  maxPool3dWithIndices(
    x, kernel: kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode
  ).values
}

/// The same, and where each largest element stands in its channel, counted plane by plane and row by row (int64): what
/// `maxUnpooled` takes.
///
/// ```swift
/// let x = Tensor.range(0, 8).reshaped([1, 1, 2, 2, 2])
/// maxPool3dWithIndices(x, kernel: 2).indices  // → [[[[[7]]]]]
/// ```
public func maxPool3dWithIndices(
  _ x: Tensor, kernel: Size3D, stride: Size3D? = nil, padding: Size3D = 0, dilation: Size3D = 1,
  ceilMode: Bool = false
) -> (values: Tensor, indices: Tensor) {
  let stride = stride ?? kernel
  var places = Tensor.zeros([0], dtype: .int64)
  let values = pooled3d("maxPool3d", x) { planes in
    let y = maxPool2dWithIndices(
      planes, kernel: kernel.plane, stride: stride.plane, padding: padding.plane, dilation: dilation.plane,
      ceilMode: ceilMode)
    places = y.indices
    return y.values
  } inDepth: { columns in
    let y = maxPool2dWithIndices(
      columns, kernel: [kernel.depth, 1], stride: [stride.depth, 1], padding: [padding.depth, 0],
      dilation: [dilation.depth, 1], ceilMode: ceilMode)
    // The plane that won, and the place that had won in it.
    let (batch, depth, width) = (columns.shape[0] * columns.shape[1], columns.shape[2], columns.shape[3])
    let winners = y.indices.reshaped([batch, y.indices.shape[2] * width])
    let inPlane = places.reshaped([batch, depth * width]).gathered(axis: 1, indices: winners)
    places =
      (winners.floorDivided(by: Tensor.full([], Double(Swift.max(width, 1)), dtype: .int64))
        * Double(x.shape[3] * x.shape[4]) + inPlane)
    return y.values
  }
  return (values, places.reshaped(values.shape))
}

/// The mean of each window of volumes; with `countPadding`, zeros of the padding count as elements; with a `divisor`, the sum
/// is divided by that instead of the number of elements.
///
/// x [batch, channels, depth, height, width] → [batch, channels, out depth, out height, out width] with out = ⌊(size +
/// 2·padding − kernel)/stride⌋ + 1. The padding is at most half of the kernel. Stops when the window does not fit.
///
/// ```swift
/// averagePool3d(Tensor.ones([1, 1, 4, 4, 4]), kernel: 2).shape  // → [1, 1, 2, 2, 2]
/// ```
public func averagePool3d(
  _ x: Tensor, kernel: Size3D, stride: Size3D? = nil, padding: Size3D = 0, ceilMode: Bool = false,
  countPadding: Bool = true, divisor: Int? = nil
) -> Tensor {
  let stride = stride ?? kernel
  return pooled3d("averagePool3d", x) {
    averagePool2d(
      $0, kernel: kernel.plane, stride: stride.plane, padding: padding.plane, ceilMode: ceilMode,
      countPadding: countPadding, divisor: divisor.map { _ in 1 })
  } inDepth: {
    averagePool2d(
      $0, kernel: [kernel.depth, 1], stride: [stride.depth, 1], padding: [padding.depth, 0],
      ceilMode: ceilMode, countPadding: countPadding, divisor: divisor)
  }
}

/// A window over a volume is one over its planes, [batch·channels, depth, height, width], then one over the depth of
/// what remains, [batch, channels, depth, height·width].
func pooled3d(_ op: String, _ x: Tensor, inPlane: (Tensor) -> Tensor, inDepth: (Tensor) -> Tensor) -> Tensor {
  if x.rank != 5 {
    stop(op, "x has shape \(x.shape)", fix: "x is [batch, channels, depth, height, width]")
  }
  let x = Autocast.widened(x)
  let (batch, channels, depth) = (x.shape[0], x.shape[1], x.shape[2])
  let planes = inPlane(x.reshaped([batch * channels, depth, x.shape[3], x.shape[4]]))
  let (high, wide) = (planes.shape[2], planes.shape[3])
  let columns = inDepth(planes.reshaped([batch, channels, depth, high * wide]))
  return columns.reshaped([batch, channels, columns.shape[2], high, wide])
}

extension Op {
  static let maxPool1d = Op(
    "maxPool1d", "y = max over each window",
    samples: [
      Sample("plain", [.uniform([2, 2, 6])]) { TensorCore.maxPool1d($0[0], kernel: 2) },
      Sample("all options", [.uniform([1, 2, 9])]) {
        TensorCore.maxPool1d($0[0], kernel: 3, stride: 2, padding: 1, dilation: 2)
      },
      Sample("ceil mode", [.uniform([2, 2, 8])]) {
        TensorCore.maxPool1d($0[0], kernel: 2, stride: 3, padding: 1, dilation: 2, ceilMode: true)
      },
      Sample("larger than the input", [.uniform([1, 2, 2])]) {
        TensorCore.maxPool1d($0[0], kernel: 3, ceilMode: true)
      },
      Sample("empty batch", [.uniform([0, 2, 4])]) { TensorCore.maxPool1d($0[0], kernel: 2) },
    ],
    misuses: [Misuse("rank", says: ["maxPool1d", "[4]", "length"]) { _ = TensorCore.maxPool1d(.ones([4]), kernel: 2) }])
  static let averagePool1d = Op(
    "averagePool1d", "y = mean over each window",
    samples: [
      Sample("plain", [.uniform([2, 2, 6])]) { TensorCore.averagePool1d($0[0], kernel: 2) },
      Sample("padding", [.uniform([1, 2, 7])]) {
        TensorCore.averagePool1d($0[0], kernel: 3, stride: 2, padding: 1, countPadding: false)
      },
      Sample("ceil mode", [.uniform([2, 2, 8])]) {
        TensorCore.averagePool1d($0[0], kernel: 4, stride: 3, padding: 1, ceilMode: true)
      },
      Sample("empty batch", [.uniform([0, 2, 4])]) { TensorCore.averagePool1d($0[0], kernel: 2) },
    ],
    misuses: [
      Misuse("rank", says: ["averagePool1d", "[4]", "length"]) { _ = TensorCore.averagePool1d(.ones([4]), kernel: 2) }
    ])
  static let maxPool3d = Op(
    "maxPool3d", "y = max over each window",
    samples: [
      Sample("plain", [.uniform([1, 2, 4, 2, 4])]) { TensorCore.maxPool3d($0[0], kernel: 2) },
      Sample("all options", [.uniform([1, 1, 3, 4, 5])]) {
        TensorCore.maxPool3d($0[0], kernel: [2, 3, 2], stride: [1, 2, 2], padding: [1, 1, 0])
      },
      Sample("dilation", [.uniform([1, 2, 4, 3, 4])]) {
        TensorCore.maxPool3d($0[0], kernel: 2, stride: 1, dilation: [2, 1, 3])
      },
      Sample("ceil mode", [.uniform([1, 2, 4, 3, 5])]) {
        TensorCore.maxPool3d($0[0], kernel: [3, 2, 2], stride: 2, padding: [0, 1, 0], ceilMode: true)
      },
      Sample("empty batch", [.uniform([0, 2, 2, 2, 2])]) { TensorCore.maxPool3d($0[0], kernel: 2) },
    ],
    misuses: [Misuse("rank", says: ["maxPool3d", "[4]", "depth"]) { _ = TensorCore.maxPool3d(.ones([4]), kernel: 2) }])
  static let averagePool3d = Op(
    "averagePool3d", "y = mean over each window",
    samples: [
      Sample("plain", [.uniform([1, 2, 4, 2, 4])]) { TensorCore.averagePool3d($0[0], kernel: 2) },
      Sample("padding", [.uniform([1, 1, 3, 4, 5])]) {
        TensorCore.averagePool3d(
          $0[0], kernel: [2, 3, 2], stride: [1, 2, 2], padding: [1, 1, 0], countPadding: false)
      },
      Sample("ceil mode", [.uniform([1, 2, 4, 3, 5])]) {
        TensorCore.averagePool3d($0[0], kernel: [3, 2, 2], stride: 2, padding: [0, 1, 0], ceilMode: true)
      },
      Sample("ceil mode, padding does not count", [.uniform([1, 1, 4, 3, 5])]) {
        TensorCore.averagePool3d(
          $0[0], kernel: [3, 2, 2], stride: 2, padding: [1, 1, 0], ceilMode: true, countPadding: false)
      },
      Sample("divisor", [.uniform([1, 2, 4, 3, 5])]) {
        TensorCore.averagePool3d($0[0], kernel: [3, 2, 2], stride: 2, ceilMode: true, divisor: 7)
      },
      Sample("empty batch", [.uniform([0, 2, 2, 2, 2])]) { TensorCore.averagePool3d($0[0], kernel: 2) },
    ],
    misuses: [
      Misuse("rank", says: ["averagePool3d", "[4]", "depth"]) { _ = TensorCore.averagePool3d(.ones([4]), kernel: 2) }
    ])
}
