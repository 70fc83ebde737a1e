import COneDNN

/// A height and a width: `3` for both, or `[3, 5]`.
///
/// ```swift
/// let size: Size2D = 3
/// size  // → [3, 3]
/// ```
public struct Size2D: Sendable, Hashable, Codable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral,
  CustomStringConvertible
{
  public var height: Int
  public var width: Int

  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  public init(integerLiteral value: Int) { self.init(value, value) }

  public init(arrayLiteral elements: Int...) {
    guard elements.count == 2 else {
      stop("Size2D", "\(elements) has \(elements.count) numbers", fix: "write [height, width]")
    }
    self.init(elements[0], elements[1])
  }

  public var description: String { "[\(height), \(width)]" }

  var pair: (Int, Int) { (height, width) }

  /// The size of the output of a window that slides over `self`: see `windowCount`. Stops when the window does not fit.
  ///
  /// ```swift
  /// Size2D(32, 32).slid("conv", kernel: 3, stride: 2, padding: 1, dilation: 1)  // → [16, 16]
  /// ```
  public func slid(
    _ op: String, kernel: Size2D, stride: Size2D, padding: Size2D, dilation: Size2D, ceilMode: Bool = false
  ) -> Size2D {
    let high = windowCount(
      over: height, kernel: kernel.height, stride: stride.height, padding: (padding.height, padding.height),
      dilation: dilation.height, ceilMode: ceilMode)
    let wide = windowCount(
      over: width, kernel: kernel.width, stride: stride.width, padding: (padding.width, padding.width),
      dilation: dilation.width, ceilMode: ceilMode)
    guard let high, let wide else {
      stop(
        op,
        "a \(kernel) window with stride \(stride), padding \(padding), dilation \(dilation) does not fit a picture of \(self)",
        fix: "use a smaller kernel or more padding; kernel, stride and dilation are at least 1")
    }
    return Size2D(high, wide)
  }
}

/// A 2-D convolution (cross-correlation, as in every deep-learning library):
/// y[n, f, i, j] = b[f] + Σ_c Σ_u Σ_v w[f, c, u, v] · x[n, c, i·stride + u·dilation − padding, …], with zeros outside.
///
/// x [batch, channels, height, width], weight [filters, channels/groups, kernel height, kernel width], bias [filters] →
/// [batch, filters, out height, out width]. Filters and channels are cut into `groups` that do not see each other.
/// (LeCun et al., 1998; Dumoulin & Visin, "A guide to convolution arithmetic", 2016.) Stops when the shapes do not fit.
///
/// Kernels of 3×3 at stride 1 are computed by Winograd's algorithm where there are some thirty channels or more (float32; Lavin & Gray, 2016):
/// as exact as the sum, but an infinity in x makes NaN of every result in the 2×2 tiles that see it.
///
/// ```swift
/// let picture = Tensor.ones([1, 1, 3, 3])
/// conv2d(picture, Tensor.ones([1, 1, 2, 2])).shape  // → [1, 1, 2, 2]
/// conv2d(picture, Tensor.ones([1, 1, 3, 3]), padding: 1)[0, 0, 0]  // → [4.0, 6.0, 4.0]
/// ```
public func conv2d(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, stride: Size2D = 1, padding: Size2D = 0, dilation: Size2D = 1,
  groups: Int = 1
) -> Tensor {
  if Autocast.isOn {
    return Autocast.lowering(x, weight, bias) {
      conv2d($0, $1, $2, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }
  }
  if x.dtype != weight.dtype { Elementwise.stopOnDTypes("conv2d", x, weight) }
  guard x.rank == 4, weight.rank == 4, groups > 0, x.shape[1] == weight.shape[1] * groups,
    weight.shape[0] % groups == 0,
    bias == nil || bias?.shape == [weight.shape[0]], bias == nil || bias?.dtype == x.dtype, x.dtype.isFloatingPoint
  else {
    stop(
      "conv2d",
      "x \(x.dtype) \(x.shape), weight \(weight.shape)\(bias.map { ", bias \($0.dtype) \($0.shape)" } ?? ""), groups \(groups) do not fit",
      fix:
        "x is [batch, channels, height, width], weight [filters, channels/groups, height, width], bias [filters], filters a multiple of groups"
    )
  }
  let window = Convolution2D(x.shape, weight.shape, stride, padding, dilation, groups)
  let y = window.forward(x, weight, bias)
  guard Tape.records(x, weight, bias) else { return y }
  var inputs: [(Tensor, @Sendable (Tensor) -> Tensor)] = [
    (x, { g in window.transposedInInput(g, weight) }),
    (weight, { g in window.transposedInWeight(x, g) }),
  ]
  if let bias { inputs.append((bias, { g in g.sum(axes: [0, 2, 3]) })) }
  return y.recorded("conv2d", from: inputs)
}

/// The three bilinear maps of a convolution. Each one's gradients are the other two, so that they can be differentiated
/// to any order: y = x ⋆ w; dx = ⋆ᵀ(g, w); dw = ⋆ᵀ(x, g).
struct Convolution2D: Sendable {
  let shape: gb_conv2d
  let input: Shape
  let weight: Shape
  let output: Shape

  init(_ input: Shape, _ weight: Shape, _ stride: Size2D, _ padding: Size2D, _ dilation: Size2D, _ groups: Int) {
    let size = Size2D(input[2], input[3])
    let kernel = Size2D(weight[2], weight[3])
    let out = size.slid("conv2d", kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    self.input = input
    self.weight = weight
    output = [input[0], weight[0], out.height, out.width]
    shape = gb_conv2d(
      batch: input[0], channels: input[1], filters: weight[0], groups: groups, size: size.pair, kernel: kernel.pair,
      stride: stride.pair, padding: padding.pair, dilation: dilation.pair, out_size: out.pair)
  }

  func forward(_ x: Tensor, _ w: Tensor, _ bias: Tensor?) -> Tensor {
    let (x, w, bias) = (x.rowMajor(), w.rowMajor(), bias?.rowMajor())
    let y = Tensor(uninitialized: output, dtype: x.dtype)
    let isDone = withUnsafePointer(to: shape) { shape in
      switch x.dtype {
      case .float32: gb_conv2d_f32(shape, x.floats, w.floats, bias?.floats, y.floats)
      case .bfloat16: return gb_conv2d_bf16(shape, x.halves, w.halves, bias?.halves, y.halves)
      default: gb_conv2d_f64(shape, x.doubles, w.doubles, bias?.doubles, y.doubles)
      }
      return true
    }
    withExtendedLifetime(bias) {}
    return isDone ? y : Tensor.copying(forward(wide(x), wide(w), bias.map(wide)), to: .bfloat16)
  }

  func transposedInInput(_ g: Tensor, _ w: Tensor) -> Tensor {
    let dx = unrecordedInput(g.rowMajor().detached(), w.rowMajor().detached())
    guard Tape.records(g, w) else { return dx }
    return dx.recorded(
      "conv2d input gradient",
      from: g, { gg in self.recordedForward(gg, w) },
      from: w, { gg in self.transposedInWeight(gg, g) })
  }

  func transposedInWeight(_ x: Tensor, _ g: Tensor) -> Tensor {
    let dw = unrecordedWeight(x.rowMajor().detached(), g.rowMajor().detached())
    guard Tape.records(x, g) else { return dw }
    return dw.recorded(
      "conv2d weight gradient",
      from: x, { gg in self.transposedInInput(g, gg) },
      from: g, { gg in self.recordedForward(x, gg) })
  }

  private func unrecordedInput(_ g: Tensor, _ w: Tensor) -> Tensor {
    let dx = Tensor(uninitialized: input, dtype: g.dtype)
    let isDone = withUnsafePointer(to: shape) { shape in
      switch g.dtype {
      case .float32: gb_conv2d_input_f32(shape, g.floats, w.floats, dx.floats)
      case .bfloat16: return gb_conv2d_input_bf16(shape, g.halves, w.halves, dx.halves)
      default: gb_conv2d_input_f64(shape, g.doubles, w.doubles, dx.doubles)
      }
      return true
    }
    return isDone ? dx : Tensor.copying(unrecordedInput(wide(g), wide(w)), to: .bfloat16)
  }

  private func unrecordedWeight(_ x: Tensor, _ g: Tensor) -> Tensor {
    let isBFloat16 = g.dtype == .bfloat16
    let dw = Tensor(uninitialized: weight, dtype: isBFloat16 ? .float32 : g.dtype)
    let isDone = withUnsafePointer(to: shape) { shape in
      switch g.dtype {
      case .float32: gb_conv2d_weight_f32(shape, x.floats, g.floats, dw.floats)
      case .bfloat16: return gb_conv2d_weight_bf16(shape, x.halves, g.halves, dw.floats)
      default: gb_conv2d_weight_f64(shape, x.doubles, g.doubles, dw.doubles)
      }
      return true
    }
    let found = isDone ? dw : unrecordedWeight(wide(x), wide(g))
    return isBFloat16 ? Tensor.copying(found, to: .bfloat16) : found
  }

  /// What bfloat16 convolutions are computed from where the library has none: they are not worth it, or the processor has no such products.
  private func wide(_ x: Tensor) -> Tensor { Tensor.copying(x, to: .float32) }

  private func recordedForward(_ x: Tensor, _ w: Tensor) -> Tensor {
    let y = forward(x, w, nil)
    guard Tape.records(x, w) else { return y }
    return y.recorded(
      "conv2d",
      from: x, { g in self.transposedInInput(g, w) },
      from: w, { g in self.transposedInWeight(x, g) })
  }
}

extension Op {
  static let conv2d = Op(
    "conv2d", "y[n, f] = b[f] + Σ_c x[n, c] ⋆ w[f, c]",
    samples: [
      Sample("plain", [.uniform([2, 3, 5, 4]), .uniform([2, 3, 3, 2]), .uniform([2])]) {
        TensorCore.conv2d($0[0], $0[1], $0[2])
      },
      Sample("stride and padding", [.uniform([2, 2, 5, 6]), .uniform([3, 2, 3, 3])]) {
        TensorCore.conv2d($0[0], $0[1], stride: [2, 1], padding: [1, 2])
      },
      Sample("dilation", [.uniform([1, 2, 6, 5]), .uniform([2, 2, 2, 3])]) {
        TensorCore.conv2d($0[0], $0[1], padding: 1, dilation: [2, 1])
      },
      Sample("groups", [.uniform([2, 4, 4, 4]), .uniform([6, 2, 2, 2]), .uniform([6])]) {
        TensorCore.conv2d($0[0], $0[1], $0[2], groups: 2)
      },
      Sample("depthwise", [.uniform([2, 3, 4, 4]), .uniform([3, 1, 3, 3])]) {
        TensorCore.conv2d($0[0], $0[1], padding: 1, groups: 3)
      },
      Sample("empty batch", [.uniform([0, 2, 4, 4]), .uniform([3, 2, 2, 2])]) { TensorCore.conv2d($0[0], $0[1]) },
    ],
    misuses: [
      Misuse("channels", says: ["conv2d", "[1, 2, 4, 4]", "[3, 5, 2, 2]", "groups"]) {
        _ = TensorCore.conv2d(.ones([1, 2, 4, 4]), .ones([3, 5, 2, 2]))
      },
      Misuse("kernel", says: ["conv2d", "[5, 5]", "[4, 4]", "does not fit"]) {
        _ = TensorCore.conv2d(.ones([1, 2, 4, 4]), .ones([3, 2, 5, 5]))
      },
    ])
}
