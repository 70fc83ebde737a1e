/// The transpose of a 2-D convolution ("deconvolution"): what its gradient does to its input, as a layer that enlarges
/// pictures.
///
/// x [batch, channels, height, width], weight [channels, filters/groups, kernel height, kernel width], bias [filters] →
/// [batch, filters, out height, out width] with out = (size − 1)·stride − 2·padding + dilation·(kernel − 1) +
/// outputPadding + 1. (Zeiler et al., 2010; Dumoulin & Visin, 2016, chapter 4.) Stops when the shapes do not fit, or
/// when outputPadding is neither below the stride nor below the dilation.
///
/// ```swift
/// convTranspose2d(Tensor.ones([1, 1, 2, 2]), Tensor.ones([1, 3, 2, 2]), stride: 2).shape  // → [1, 3, 4, 4]
/// ```
public func convTranspose2d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: Size2D = 1, padding: Size2D = 0,
  outputPadding: Size2D = 0, groups: Int = 1, dilation: Size2D = 1
) -> Tensor {
  if Autocast.isOn {
    return Autocast.lowering(x, weight, bias) {
      convTranspose2d(
        $0, $1, $2, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups, dilation: dilation)
    }
  }
  if x.dtype != weight.dtype { Elementwise.stopOnDTypes("convTranspose2d", x, weight) }
  guard x.rank == 4, weight.rank == 4, groups > 0, x.shape[1] == weight.shape[0], weight.shape[0] % groups == 0,
    bias == nil || bias?.shape == [weight.shape[1] * groups], x.dtype.isFloatingPoint
  else {
    stop(
      "convTranspose2d",
      "x \(x.dtype) \(x.shape), weight \(weight.shape)\(bias.map { ", bias \($0.shape)" } ?? ""), groups \(groups) do not fit",
      fix: "x is [batch, channels, height, width], weight [channels, filters/groups, height, width], bias [filters]")
  }
  func along(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Int, _ extra: Int, _ dilation: Int) -> Int {
    let out = (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + extra + 1
    if size < 1 || out < 1 || extra < 0 || extra >= Swift.max(stride, dilation) {
      stop(
        "convTranspose2d",
        "size \(size), kernel \(kernel), stride \(stride), padding \(padding), output padding \(extra), dilation \(dilation) give nothing",
        fix: "use less padding, and an output padding below the stride or the dilation")
    }
    return out
  }
  let high = along(
    x.shape[2], weight.shape[2], stride.height, padding.height, outputPadding.height, dilation.height)
  let wide = along(x.shape[3], weight.shape[3], stride.width, padding.width, outputPadding.width, dilation.width)
  // The convolution whose input has the size that is wanted here.
  let window = Convolution2D(
    [x.shape[0], weight.shape[1] * groups, high, wide], weight.shape, stride, padding, dilation, groups)
  let y = window.transposedInInput(x, weight)
  guard let bias else { return y }
  return y + bias.reshaped([1, bias.count, 1, 1])
}

extension Op {
  static let convTranspose2d = Op(
    "convTranspose2d", "the transpose of conv2d",
    samples: [
      Sample("plain", [.uniform([2, 3, 3, 4]), .uniform([3, 2, 3, 2]), .uniform([2])]) {
        TensorCore.convTranspose2d($0[0], $0[1], $0[2])
      },
      Sample("stride", [.uniform([1, 2, 3, 2]), .uniform([2, 3, 3, 3])]) {
        TensorCore.convTranspose2d($0[0], $0[1], stride: [2, 3], padding: 1, outputPadding: [1, 2])
      },
      Sample("groups and dilation", [.uniform([1, 4, 3, 3]), .uniform([4, 1, 2, 2]), .uniform([2])]) {
        TensorCore.convTranspose2d($0[0], $0[1], $0[2], groups: 2, dilation: 2)
      },
      Sample("empty batch", [.uniform([0, 2, 3, 3]), .uniform([2, 3, 2, 2])]) {
        TensorCore.convTranspose2d($0[0], $0[1])
      },
    ],
    misuses: [
      Misuse("channels", says: ["convTranspose2d", "[1, 2, 4, 4]", "[3, 5, 2, 2]"]) {
        _ = TensorCore.convTranspose2d(.ones([1, 2, 4, 4]), .ones([3, 5, 2, 2]))
      },
      Misuse("output padding", says: ["convTranspose2d", "output padding 2"]) {
        _ = TensorCore.convTranspose2d(.ones([1, 2, 4, 4]), .ones([2, 5, 2, 2]), outputPadding: 2)
      },
    ])
}
