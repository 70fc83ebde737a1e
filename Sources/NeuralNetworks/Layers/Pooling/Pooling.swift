import TensorCore

/// What pooling over windows has in common: [batch, channels, size …] → [batch, channels, out …] with
/// out = ⌊(size + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1, or with `ceilMode` ⌈…⌉ + 1: the last window may
/// then reach beyond the padding, but not begin beyond the input (see `windowCount`).
///
/// ```swift
/// try MaxPool2d(kernel: 3, stride: 2, padding: 1).outputShape(for: [1, 3, 8, 9])  // → [1, 3, 4, 5]
/// try MaxPool2d(kernel: 3, stride: 2, ceilMode: true).outputShape(for: [1, 3, 8, 9])  // → [1, 3, 4, 4]
/// ```
public class Pooling<Size: WindowSize>: Module {
  final let window: SlidingWindow<Size>

  init(kernel: Size, stride: Size?, padding: Size, dilation: Size = 1, ceilMode: Bool) {
    window = SlidingWindow(
      "\(type(of: self))", kernel: kernel, stride: stride ?? kernel, padding: padding, dilation: dilation,
      ceilMode: ceilMode)
  }

  public final var kernel: Size { window.kernel }
  public final var stride: Size { window.stride }
  public final var padding: Size { window.padding }
  public final var ceilMode: Bool { window.ceilMode }

  public final func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == Size.axes.count + 2 else {
      throw ShapeError(self, input: input, "expects \(Size.inputAxes())")
    }
    return Shape([input[0], input[1]] + (try window.output(for: input, of: self)))
  }

  public override var configuration: String { window.configuration(usualStride: kernel) }
}

/// What `MaxPool1d`, `MaxPool2d` and `MaxPool3d` have in common.
public class MaxPooling<Size: WindowSize>: Pooling<Size> {
  /// The windows step by their own size unless a stride is given. Stops when a size can't be.
  public override init(
    kernel: Size, stride: Size? = nil, padding: Size = 0, dilation: Size = 1, ceilMode: Bool = false
  ) {
    super.init(kernel: kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode)
  }

  public final var dilation: Size { window.dilation }
}

/// What `AvgPool1d`, `AvgPool2d` and `AvgPool3d` have in common.
public class AveragePooling<Size: WindowSize>: Pooling<Size> {
  /// Whether the padding's zeros count as elements.
  public final let countPadding: Bool
  /// What sums are divided by, unless it is the number of elements.
  public final let divisor: Int?

  /// The windows step by their own size unless a stride is given. Stops when a size can't be.
  public init(
    kernel: Size, stride: Size? = nil, padding: Size = 0, ceilMode: Bool = false, countPadding: Bool = true,
    divisor: Int? = nil
  ) {
    self.countPadding = countPadding
    self.divisor = divisor
    super.init(kernel: kernel, stride: stride, padding: padding, ceilMode: ceilMode)
  }
}

/// What `LPPool1d`, `LPPool2d` and `LPPool3d` have in common.
public class NormPooling<Size: WindowSize>: Pooling<Size> {
  /// p
  public final let p: Double

  /// The windows step by their own size unless a stride is given. Stops when a size can't be, or p is 0.
  public init(_ p: Double, kernel: Size, stride: Size? = nil, ceilMode: Bool = false) {
    if p == 0 { stop("\(type(of: self))", "p is 0", fix: "use another number: 1 gives sums, 2 Euclidean norms") }
    self.p = p
    super.init(kernel: kernel, stride: stride, padding: 0, ceilMode: ceilMode)
  }

  /// (n·mean(xᵖ))^(1/p), where n is the number of elements in a window; of one that reaches beyond the input, too, as in PyTorch.
  final func norms(_ x: Tensor, mean: (Tensor) -> Tensor) -> Tensor {
    (mean(x.power(p)) * Double(kernel.extents.reduce(1, *))).power(1 / p)
  }

  public override var configuration: String { "p \(p), \(super.configuration)" }
}
