import TensorCore

/// A window that steps over sequences, pictures or volumes: what convolutions and pooling have in common.
struct SlidingWindow<Size: WindowSize> {
  let kernel: Size
  let stride: Size
  let padding: Size
  let dilation: Size

  /// Stops when one of the sizes can't be.
  init(_ layer: String, kernel: Size, stride: Size, padding: Size, dilation: Size = 1) {
    for (name, size, least) in [
      ("kernel", kernel, 1), ("stride", stride, 1), ("padding", padding, 0), ("dilation", dilation, 1),
    ]
    where size.extents.contains(where: { $0 < least }) {
      stop(layer, "a \(name) of \(size)", fix: "use at least \(least) in every direction")
    }
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
  }

  /// How many elements lie between the first and the last that a window sees, both counted.
  var reach: [Int] { zip(kernel.extents, dilation.extents).map { ($0 - 1) * $1 + 1 } }

  /// The sizes of the output for inputs of shape [batch, channels, …].
  func output(for input: Shape, of layer: Module) throws(ShapeError) -> [Int] {
    let rooms = zip(zip(input.dimensions[2...], padding.extents), reach).map { $0.0 + 2 * $0.1 - $1 }
    guard rooms.allSatisfy({ $0 >= 0 }) else {
      throw ShapeError(layer, input: input, "expects an input that its window fits into")
    }
    return zip(rooms, stride.extents).map { $0 / $1 + 1 }
  }

  /// What differs from a plain window: `kernel 3×3, stride 2×2`. Pooling's stride is its kernel unless said otherwise.
  func configuration(usualStride: Size) -> String {
    var text = "kernel \(times(kernel))"
    if stride != usualStride { text += ", stride \(times(stride))" }
    if padding != 0 { text += ", padding \(times(padding))" }
    if dilation != 1 { text += ", dilation \(times(dilation))" }
    return text
  }

  private func times(_ size: Size) -> String { size.extents.map(String.init).joined(separator: "×") }
}
