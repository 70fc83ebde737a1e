/// A 1-D convolution (cross-correlation) of sequences: y[n, f, i] = b[f] + Σ_c Σ_u w[f, c, u]·x[n, c, i·stride +
/// u·dilation − padding].
///
/// x [batch, channels, length], weight [filters, channels/groups, kernel], bias [filters] → [batch, filters, out
/// length]. Stops when the shapes do not fit.
///
/// ```swift
/// conv1d(Tensor([[[1.0, 2.0, 4.0]]]), Tensor([[[1.0, -1.0]]]))  // → [[[-1.0, -2.0]]]
/// ```
public func conv1d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, dilation: Int = 1,
  groups: Int = 1
) -> Tensor {
  if Autocast.isOn {
    return Autocast.lowering(x, weight, bias) {
      conv1d($0, $1, $2, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }
  }
  requireSequences("conv1d", x, weight)
  // A picture of one row.
  return conv2d(
    x.unsqueezed(2), weight.unsqueezed(2), bias, stride: [1, stride], padding: [0, padding], dilation: [1, dilation],
    groups: groups
  ).squeezed(2)
}

/// The transpose of a 1-D convolution: what its gradient does to its input, as a layer that makes sequences longer.
///
/// x [batch, channels, length], weight [channels, filters/groups, kernel], bias [filters] → [batch, filters, out
/// length] with out = (length − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1.
///
/// ```swift
/// convTranspose1d(Tensor([[[1.0, 2.0]]]), Tensor([[[1.0, 1.0]]]), stride: 2)  // → [[[1.0, 1.0, 2.0, 2.0]]]
/// ```
public func convTranspose1d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: Int = 1, padding: Int = 0, outputPadding: Int = 0,
  groups: Int = 1, dilation: Int = 1
) -> Tensor {
  if Autocast.isOn {
    return Autocast.lowering(x, weight, bias) {
      convTranspose1d(
        $0, $1, $2, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups, dilation: dilation)
    }
  }
  requireSequences("convTranspose1d", x, weight)
  return convTranspose2d(
    x.unsqueezed(2), weight.unsqueezed(2), bias, stride: [1, stride], padding: [0, padding],
    outputPadding: [0, outputPadding], groups: groups, dilation: [1, dilation]
  ).squeezed(2)
}

private func requireSequences(_ op: String, _ x: Tensor, _ weight: Tensor) {
  if x.rank != 3 || weight.rank != 3 {
    stop(
      op, "x \(x.shape) and weight \(weight.shape) do not fit",
      fix: "x is [batch, channels, length], weight has three axes, the last for the kernel")
  }
}

extension Op {
  static let conv1d = Op(
    "conv1d", "y[n, f] = b[f] + Σ_c x[n, c] ⋆ w[f, c]",
    samples: [
      Sample("plain", [.uniform([2, 3, 7]), .uniform([4, 3, 3]), .uniform([4])]) {
        TensorCore.conv1d($0[0], $0[1], $0[2])
      },
      Sample("all options", [.uniform([1, 4, 9]), .uniform([2, 2, 3])]) {
        TensorCore.conv1d($0[0], $0[1], stride: 2, padding: 2, dilation: 2, groups: 2)
      },
      Sample("empty batch", [.uniform([0, 2, 4]), .uniform([3, 2, 2])]) { TensorCore.conv1d($0[0], $0[1]) },
    ],
    misuses: [
      Misuse("rank", says: ["conv1d", "[2, 3]", "length"]) { _ = TensorCore.conv1d(.ones([2, 3]), .ones([1, 3, 2])) }
    ])
  static let convTranspose1d = Op(
    "convTranspose1d", "the transpose of conv1d",
    samples: [
      Sample("plain", [.uniform([2, 3, 4]), .uniform([3, 2, 3]), .uniform([2])]) {
        TensorCore.convTranspose1d($0[0], $0[1], $0[2])
      },
      Sample("all options", [.uniform([1, 4, 5]), .uniform([4, 1, 3])]) {
        TensorCore.convTranspose1d($0[0], $0[1], stride: 3, padding: 1, outputPadding: 2, groups: 2, dilation: 2)
      },
      Sample("empty batch", [.uniform([0, 2, 4]), .uniform([2, 3, 2])]) { TensorCore.convTranspose1d($0[0], $0[1]) },
    ],
    misuses: [
      Misuse("rank", says: ["convTranspose1d", "[2, 3]", "length"]) {
        _ = TensorCore.convTranspose1d(.ones([2, 3]), .ones([3, 1, 2]))
      }
    ])
}
