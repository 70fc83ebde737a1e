import TensorCore

/// The mean of each window. With `countPadding` the zeros outside count as elements; without, only what is inside.
///
/// [batch, channels, height, width] → [batch, channels, out height, out width] with out = ⌊(size + 2·padding −
/// kernel)/stride⌋ + 1. The stride is the kernel's size unless given; the padding is at most half of the kernel.
/// Stops when the window does not fit.
///
/// ```swift
/// AvgPool2d(kernel: 2)(Tensor([[[[1.0, 2.0], [3.0, 4.0]]]]))  // → [[[[2.5]]]]
/// ```
public final class AvgPool2d: Module, Layer {
  private let window: SlidingWindow
  public let countPadding: Bool

  public init(kernel: Size2D, stride: Size2D? = nil, padding: Size2D = 0, countPadding: Bool = true) {
    window = SlidingWindow("AvgPool2d", kernel: kernel, stride: stride ?? kernel, padding: padding)
    self.countPadding = countPadding
  }

  public var kernel: Size2D { window.kernel }
  public var stride: Size2D { window.stride }
  public var padding: Size2D { window.padding }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    averagePool2d(x, kernel: window.kernel, stride: window.stride, padding: window.padding, countPadding: countPadding)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 4 else { throw ShapeError(self, input: input, "expects [batch, channels, height, width]") }
    let out = try window.output(for: input, of: self)
    return [input[0], input[1], out.height, out.width]
  }

  public override var configuration: String { window.configuration(usualStride: kernel) }
}
