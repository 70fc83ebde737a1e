import TensorCore

/// The mean of each window; with `countPadding`, zeros outside count as elements.
///
/// [batch, channels, depth, height, width] → [batch, channels, out …] with out = ⌊(size + 2·padding − kernel)/stride⌋ + 1. The stride is the
/// kernel's size unless given. Stops when the window does not fit.
///
/// ```swift
/// AvgPool3d(kernel: 2)(Tensor.ones([1, 1, 4, 4, 4])).shape  // → [1, 1, 2, 2, 2]
/// ```
public final class AvgPool3d: Module, Layer {
  public let kernel: Size3D
  public let stride: Size3D
  public let padding: Size3D
  public let countPadding: Bool

  public init(kernel: Size3D, stride: Size3D? = nil, padding: Size3D = 0, countPadding: Bool = true) {
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
    self.countPadding = countPadding
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    averagePool3d(x, kernel: kernel, stride: stride, padding: padding, countPadding: countPadding)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 5 else {
      throw ShapeError(self, input: input, "expects [batch, channels, depth, height, width]")
    }
    let room0 = input[2] + 2 * padding.depth - kernel.depth
    let room1 = input[3] + 2 * padding.height - kernel.height
    let room2 = input[4] + 2 * padding.width - kernel.width
    guard room0 >= 0, room1 >= 0, room2 >= 0 else {
      throw ShapeError(self, input: input, "expects room for its window")
    }
    return [input[0], input[1], room0 / stride.depth + 1, room1 / stride.height + 1, room2 / stride.width + 1]
  }

  public override var configuration: String { "kernel \(kernel), stride \(stride), padding \(padding)" }
}
