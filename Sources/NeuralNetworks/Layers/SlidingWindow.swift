import TensorCore

/// A window that steps over pictures: what convolutions and pooling have in common.
struct SlidingWindow {
  let kernel: Size2D
  let stride: Size2D
  let padding: Size2D
  let dilation: Size2D

  /// Stops when one of the sizes can't be.
  init(_ layer: String, kernel: Size2D, stride: Size2D, padding: Size2D, dilation: Size2D = 1) {
    for (name, size, least) in [
      ("kernel", kernel, 1), ("stride", stride, 1), ("padding", padding, 0), ("dilation", dilation, 1),
    ]
    where size.height < least || size.width < least {
      stop(layer, "a \(name) of \(size)", fix: "use at least \(least) in both directions")
    }
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  /// The size of the output for pictures of shape [batch, channels, height, width].
  func output(for input: Shape, of layer: Module) throws(ShapeError) -> Size2D {
    let high = input[2] + 2 * padding.height - dilation.height * (kernel.height - 1)
    let wide = input[3] + 2 * padding.width - dilation.width * (kernel.width - 1)
    guard high >= 1, wide >= 1 else {
      throw ShapeError(layer, input: input, "expects pictures that its window fits into")
    }
    return Size2D((high - 1) / stride.height + 1, (wide - 1) / stride.width + 1)
  }

  /// What differs from a plain window: `kernel 3×3, stride 2×2`. Pooling's stride is its kernel unless said otherwise.
  func configuration(usualStride: Size2D) -> String {
    var text = "kernel \(times(kernel))"
    if stride != usualStride { text += ", stride \(times(stride))" }
    if padding != 0 { text += ", padding \(times(padding))" }
    if dilation != 1 { text += ", dilation \(times(dilation))" }
    return text
  }

  private func times(_ size: Size2D) -> String { "\(size.height)×\(size.width)" }
}
