import TensorCore

/// The patches that a window sees, as columns: see the function `patches`.
///
/// [batch, channels, height, width] → [batch, channels·kernel height·kernel width, places]. Stops when the window does
/// not fit.
///
/// ```swift
/// Unfold(kernel: 2, stride: 2)(Tensor.ones([1, 3, 4, 4])).shape  // → [1, 12, 4]
/// ```
public final class Unfold: Module, Layer {
  private let window: SlidingWindow<Size2D>

  /// Stops when a size can't be.
  public init(kernel: Size2D, stride: Size2D = 1, padding: Size2D = 0, dilation: Size2D = 1) {
    window = SlidingWindow("Unfold", kernel: kernel, stride: stride, padding: padding, dilation: dilation)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    patches(
      x, kernel: window.kernel, stride: window.stride, padding: window.padding, dilation: window.dilation)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 4 else { throw ShapeError(self, input: input, "expects \(Size2D.inputAxes())") }
    let places = try window.output(for: input, of: self)
    return [input[0], window.kernel.extents.reduce(input[1], *), places.reduce(1, *)]
  }

  public override var configuration: String { window.configuration(usualStride: 1) }
}
