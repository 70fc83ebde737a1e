// Pooling of sequences and volumes, by that of pictures.

/// The largest element of each window of sequences [batch, channels, length].
///
/// ```swift
/// maxPool1d(Tensor([[[1.0, 3.0, 2.0, 0.0]]]), kernel: 2)  // → [[[3.0, 2.0]]]
/// ```
public func maxPool1d(_ x: Tensor, kernel: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1) -> Tensor {
  if x.rank != 3 { stop("maxPool1d", "x has shape \(x.shape)", fix: "x is [batch, channels, length]") }
  return maxPool2d(
    x.unsqueezed(2), kernel: [1, kernel], stride: [1, stride ?? kernel], padding: [0, padding],
    dilation: [1, dilation]
  ).squeezed(2)
}

/// The mean of each window of sequences [batch, channels, length].
public func averagePool1d(
  _ x: Tensor, kernel: Int, stride: Int? = nil, padding: Int = 0, countPadding: Bool = true
) -> Tensor {
  if x.rank != 3 { stop("averagePool1d", "x has shape \(x.shape)", fix: "x is [batch, channels, length]") }
  return averagePool2d(
    x.unsqueezed(2), kernel: [1, kernel], stride: [1, stride ?? kernel], padding: [0, padding],
    countPadding: countPadding
  ).squeezed(2)
}

/// The largest element of each window of volumes [batch, channels, depth, height, width]: first in the plane, then in depth.
public func maxPool3d(_ x: Tensor, kernel: Size3D, stride: Size3D? = nil, padding: Size3D = 0) -> Tensor {
  pooled3d("maxPool3d", x, kernel, stride ?? kernel, padding) { maxPool2d($0, kernel: $1, stride: $2, padding: $3) }
}

/// The mean of each window of volumes [batch, channels, depth, height, width].
public func averagePool3d(
  _ x: Tensor, kernel: Size3D, stride: Size3D? = nil, padding: Size3D = 0, countPadding: Bool = true
) -> Tensor {
  pooled3d("averagePool3d", x, kernel, stride ?? kernel, padding) {
    averagePool2d($0, kernel: $1, stride: $2, padding: $3, countPadding: countPadding)
  }
}

/// A window over a volume is one over its planes, then one over the depth of what remains.
private func pooled3d(
  _ op: String, _ x: Tensor, _ kernel: Size3D, _ stride: Size3D, _ padding: Size3D,
  _ pool: (Tensor, Size2D, Size2D, Size2D) -> Tensor
) -> Tensor {
  if x.rank != 5 {
    stop(op, "x has shape \(x.shape)", fix: "x is [batch, channels, depth, height, width]")
  }
  let x = Autocast.widened(x)
  let (batch, channels, depth) = (x.shape[0], x.shape[1], x.shape[2])
  let planes = pool(
    x.reshaped([batch * channels, depth, x.shape[3], x.shape[4]]), kernel.plane, stride.plane, padding.plane)
  let (high, wide) = (planes.shape[2], planes.shape[3])
  let columns = pool(
    planes.reshaped([batch, channels, depth, high * wide]), [kernel.depth, 1], [stride.depth, 1], [padding.depth, 0])
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
      Sample("empty batch", [.uniform([0, 2, 2, 2, 2])]) { TensorCore.averagePool3d($0[0], kernel: 2) },
    ],
    misuses: [
      Misuse("rank", says: ["averagePool3d", "[4]", "depth"]) { _ = TensorCore.averagePool3d(.ones([4]), kernel: 2) }
    ])
}
