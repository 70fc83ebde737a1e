import TensorCore

/// A window that steps over sequences, pictures or volumes: what convolutions and pooling have in common.
struct SlidingWindow<Size: WindowSize> {
  let kernel: Size
  let stride: Size
  let padding: Size
  let dilation: Size
  /// Whether there is one more element of padding after than before where that keeps the size.
  let isSame: Bool
  let ceilMode: Bool

  /// Without a padding it is as wide as keeps the size at stride 1. Stops when one of the sizes can't be.
  init(_ layer: String, kernel: Size, stride: Size, padding: Size?, dilation: Size = 1, ceilMode: Bool = false) {
    isSame = padding == nil
    let padding = padding ?? Size(extents: zip(kernel.extents, dilation.extents).map { ($0 - 1) * $1 / 2 })
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
    self.ceilMode = ceilMode
  }

  /// How many elements lie between the first and the last that a window sees, both counted.
  var reach: [Int] { zip(kernel.extents, dilation.extents).map { ($0 - 1) * $1 + 1 } }

  /// The padding before and after each axis.
  var widths: [(before: Int, after: Int)] {
    zip(padding.extents, reach).map { ($0, isSame ? $1 - 1 - $0 : $0) }
  }

  /// The sizes of the output for inputs of shape [batch, channels, …].
  func output(for input: Shape, of layer: Module) throws(ShapeError) -> [Int] {
    let counts = Size.axes.indices.compactMap { axis in
      windowCount(
        over: input[axis + 2], kernel: kernel.extents[axis], stride: stride.extents[axis], padding: widths[axis],
        dilation: dilation.extents[axis], ceilMode: ceilMode)
    }
    guard counts.count == Size.axes.count else {
      throw ShapeError(layer, input: input, "expects an input that its window fits into")
    }
    return counts
  }

  /// What differs from a plain window: `kernel 3×3, stride 2×2`. Pooling's stride is its kernel unless said otherwise.
  func configuration(usualStride: Size) -> String {
    var text = "kernel \(times(kernel))"
    if stride != usualStride { text += ", stride \(times(stride))" }
    if isSame { text += ", padding same" } else if padding != 0 { text += ", padding \(times(padding))" }
    if dilation != 1 { text += ", dilation \(times(dilation))" }
    if ceilMode { text += ", ceil mode" }
    return text
  }

  private func times(_ size: Size) -> String { size.extents.map(String.init).joined(separator: "×") }
}
