import TensorCore

/// Columns added to where `Unfold` takes them from: see the function `patchesAdded`.
///
/// [batch, channels·kernel height·kernel width, places] → [batch, channels, size.height, size.width]. Stops when the
/// shapes do not fit.
///
/// ```swift
/// Fold(to: 3, kernel: 2)(Tensor.ones([1, 4, 4]))[0, 0, 1]  // → [2.0, 4.0, 2.0]
/// ```
public final class Fold: Module, Layer {
  public let size: Size2D
  private let window: SlidingWindow<Size2D>

  /// Stops when a size can't be.
  public init(to size: Size2D, kernel: Size2D, stride: Size2D = 1, padding: Size2D = 0, dilation: Size2D = 1) {
    self.size = size
    window = SlidingWindow("Fold", kernel: kernel, stride: stride, padding: padding, dilation: dilation)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    patchesAdded(
      x, to: size, kernel: window.kernel, stride: window.stride, padding: window.padding, dilation: window.dilation)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    let area = window.kernel.extents.reduce(1, *)
    let places = try window.output(for: [1, 1, size.height, size.width], of: self).reduce(1, *)
    guard input.rank == 3, input[1] % area == 0, input[2] == places else {
      throw ShapeError(self, input: input, "expects [batch, channels·\(area), \(places)]")
    }
    return [input[0], input[1] / area, size.height, size.width]
  }

  public override var configuration: String { "to \(size), \(window.configuration(usualStride: 1))" }
}
