/// A depth, a height and a width: `3` for all, or `[3, 5, 5]`.
///
/// ```swift
/// let size: Size3D = [2, 3, 4]
/// size.plane  // → [3, 4]
/// ```
public struct Size3D: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral,
  CustomStringConvertible
{
  public var depth: Int
  public var height: Int
  public var width: Int

  public init(_ depth: Int, _ height: Int, _ width: Int) {
    self.depth = depth
    self.height = height
    self.width = width
  }

  public init(integerLiteral value: Int) { self.init(value, value, value) }

  public init(arrayLiteral elements: Int...) {
    guard elements.count == 3 else {
      stop("Size3D", "\(elements) has \(elements.count) numbers", fix: "write [depth, height, width]")
    }
    self.init(elements[0], elements[1], elements[2])
  }

  /// Height and width alone.
  public var plane: Size2D { Size2D(height, width) }

  public var description: String { "[\(depth), \(height), \(width)]" }
}

/// A 3-D convolution (cross-correlation) of volumes or films.
///
/// x [batch, channels, depth, height, width], weight [filters, channels/groups, kernel depth, height, width], bias
/// [filters] → [batch, filters, out depth, out height, out width], each size as for `conv2d`. Computed as the sum over
/// the kernel's depth of 2-D convolutions of all slices at once. Stops when the shapes do not fit.
///
/// ```swift
/// conv3d(Tensor.ones([1, 1, 2, 2, 2]), Tensor.ones([1, 1, 2, 2, 2])).item()  // → 8.0
/// ```
public func conv3d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: Size3D = 1, padding: Size3D = 0, dilation: Size3D = 1,
  groups: Int = 1
) -> Tensor {
  if Autocast.isOn {
    return Autocast.lowering(x, weight, bias) {
      conv3d(
        $0, $1, $2, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }
  }
  if x.dtype == .bfloat16, weight.dtype == .bfloat16 {
    // The parts are added up in float32.
    return conv3d(
      x.cast(to: .float32), weight.cast(to: .float32), bias?.cast(to: .float32), stride: stride, padding: padding,
      dilation: dilation, groups: groups
    ).cast(to: .bfloat16)
  }
  guard x.rank == 5, weight.rank == 5, x.shape[1] == weight.shape[1] * groups, weight.shape[2] > 0 else {
    stop(
      "conv3d", "x \(x.shape), weight \(weight.shape), groups \(groups) do not fit",
      fix: "x is [batch, channels, depth, height, width], weight [filters, channels/groups, depth, height, width]")
  }
  let kernel = weight.shape[2]
  let out = windowCount(
    over: x.shape[2], kernel: kernel, stride: stride.depth, padding: (padding.depth, padding.depth),
    dilation: dilation.depth)
  guard let out else {
    stop(
      "conv3d", "a kernel of depth \(kernel), stride \(stride), dilation \(dilation) does not fit \(x.shape)",
      fix: "use a smaller kernel or more padding; stride and dilation are at least 1")
  }
  let padded = padding.depth == 0 ? x : x.padded([(0, 0), (0, 0), (padding.depth, padding.depth), (0, 0), (0, 0)])
  var sum: Tensor?
  for layer in 0..<kernel {
    let first = layer * dilation.depth
    let slices = padded.sliced(axis: 2, from: first, to: first + (out - 1) * stride.depth + 1, by: stride.depth)
    let pictures = slices.permuted([0, 2, 1, 3, 4]).reshaped([x.shape[0] * out, x.shape[1], x.shape[3], x.shape[4]])
    let part = conv2d(
      pictures, weight.sliced(axis: 2, from: layer, to: layer + 1).squeezed(2), layer == 0 ? bias : nil,
      stride: stride.plane, padding: padding.plane, dilation: dilation.plane, groups: groups)
    sum = sum.map { $0 + part } ?? part
  }
  guard let sum else { return x }
  return sum.reshaped([x.shape[0], out, sum.shape[1], sum.shape[2], sum.shape[3]]).permuted([0, 2, 1, 3, 4])
}

/// The transpose of a 3-D convolution.
///
/// x [batch, channels, depth, height, width], weight [channels, filters/groups, kernel depth, height, width], bias
/// [filters]; the sizes follow `convTranspose2d`'s formula.
///
/// ```swift
/// convTranspose3d(Tensor.ones([1, 1, 2, 2, 2]), Tensor.ones([1, 1, 2, 2, 2]), stride: 2).shape  // → [1, 1, 4, 4, 4]
/// ```
public func convTranspose3d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: Size3D = 1, padding: Size3D = 0,
  outputPadding: Size3D = 0, groups: Int = 1, dilation: Size3D = 1
) -> Tensor {
  if Autocast.isOn {
    return Autocast.lowering(x, weight, bias) {
      convTranspose3d(
        $0, $1, $2, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups, dilation: dilation)
    }
  }
  if x.dtype == .bfloat16, weight.dtype == .bfloat16 {
    // The parts are added up in float32.
    return convTranspose3d(
      x.cast(to: .float32), weight.cast(to: .float32), bias?.cast(to: .float32), stride: stride, padding: padding,
      outputPadding: outputPadding, groups: groups, dilation: dilation
    ).cast(to: .bfloat16)
  }
  guard x.rank == 5, weight.rank == 5, x.shape[1] == weight.shape[0], groups > 0 else {
    stop(
      "convTranspose3d", "x \(x.shape), weight \(weight.shape), groups \(groups) do not fit",
      fix: "x is [batch, channels, depth, height, width], weight [channels, filters/groups, depth, height, width]")
  }
  let (batch, depth, kernel) = (x.shape[0], x.shape[2], weight.shape[2])
  let full = (depth - 1) * stride.depth + dilation.depth * (kernel - 1) + 1 + outputPadding.depth
  guard depth > 0, full > 2 * padding.depth else {
    stop("convTranspose3d", "padding \(padding) leaves nothing of \(x.shape)", fix: "use less padding")
  }
  let pictures = x.permuted([0, 2, 1, 3, 4]).reshaped([batch * depth, x.shape[1], x.shape[3], x.shape[4]])
  var sum: Tensor?
  for layer in 0..<kernel {
    let part = convTranspose2d(
      pictures, weight.sliced(axis: 2, from: layer, to: layer + 1).squeezed(2), nil, stride: stride.plane,
      padding: padding.plane, outputPadding: outputPadding.plane, groups: groups, dilation: dilation.plane)
    let (filters, height, width) = (part.shape[1], part.shape[2], part.shape[3])
    // Slice d of x adds to slice d·stride + layer·dilation: zeros between, before and after.
    let apart = part.reshaped([batch, depth, 1, filters, height, width])
      .padded([(0, 0), (0, 0), (0, stride.depth - 1), (0, 0), (0, 0), (0, 0)])
      .reshaped([batch, depth * stride.depth, filters, height, width])
      .sliced(axis: 1, from: 0, to: (depth - 1) * stride.depth + 1)
    let before = layer * dilation.depth
    let placed = apart.padded([(0, 0), (before, full - before - apart.shape[1]), (0, 0), (0, 0), (0, 0)])
    sum = sum.map { $0 + placed } ?? placed
  }
  guard let sum else { return x }
  let y = sum.sliced(axis: 1, from: padding.depth, to: full - padding.depth).permuted([0, 2, 1, 3, 4])
  guard let bias else { return y }
  return y + bias.reshaped([1, bias.count, 1, 1, 1])
}

extension Op {
  static let conv3d = Op(
    "conv3d", "y[n, f] = b[f] + Σ_c x[n, c] ⋆ w[f, c]",
    samples: [
      Sample("plain", [.uniform([2, 2, 3, 3, 2]), .uniform([2, 2, 2, 2, 2]), .uniform([2])]) {
        TensorCore.conv3d($0[0], $0[1], $0[2])
      },
      Sample("all options", [.uniform([1, 2, 4, 3, 4]), .uniform([2, 1, 2, 2, 3])]) {
        TensorCore.conv3d($0[0], $0[1], stride: [2, 1, 2], padding: [1, 1, 2], dilation: [2, 1, 1], groups: 2)
      },
      Sample("empty batch", [.uniform([0, 2, 3, 3, 3]), .uniform([2, 2, 2, 2, 2])]) { TensorCore.conv3d($0[0], $0[1]) },
    ],
    misuses: [
      Misuse("channels", says: ["conv3d", "[1, 2, 3, 3, 3]", "[2, 3, 2, 2, 2]"]) {
        _ = TensorCore.conv3d(.ones([1, 2, 3, 3, 3]), .ones([2, 3, 2, 2, 2]))
      }
    ])
  static let convTranspose3d = Op(
    "convTranspose3d", "the transpose of conv3d",
    samples: [
      Sample("plain", [.uniform([2, 2, 2, 2, 3]), .uniform([2, 2, 2, 2, 2]), .uniform([2])]) {
        TensorCore.convTranspose3d($0[0], $0[1], $0[2])
      },
      Sample("all options", [.uniform([1, 2, 3, 2, 2]), .uniform([2, 1, 2, 3, 2])]) {
        TensorCore.convTranspose3d(
          $0[0], $0[1], stride: [2, 1, 2], padding: [1, 1, 0], outputPadding: [1, 0, 1], groups: 2, dilation: [2, 1, 1])
      },
      Sample("empty batch", [.uniform([0, 2, 2, 2, 2]), .uniform([2, 1, 2, 2, 2])]) {
        TensorCore.convTranspose3d($0[0], $0[1])
      },
    ],
    misuses: [
      Misuse("channels", says: ["convTranspose3d", "[1, 2, 3, 3, 3]", "[3, 2, 2, 2, 2]"]) {
        _ = TensorCore.convTranspose3d(.ones([1, 2, 3, 3, 3]), .ones([3, 2, 2, 2, 2]))
      }
    ])
}
