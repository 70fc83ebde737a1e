import TensorCore

/// The largest element of each window; padding never wins.
///
/// [batch, channels, length] → [batch, channels, out …] with out = ⌊(size + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1. The stride is the
/// kernel's size unless given. Stops when the window does not fit.
///
/// ```swift
/// MaxPool1d(kernel: 2)(Tensor.ones([1, 1, 4])).shape  // → [1, 1, 2]
/// ```
public final class MaxPool1d: Module, Layer {
  public let kernel: Int
  public let stride: Int
  public let padding: Int
  public let dilation: Int

  public init(kernel: Int, stride: Int? = nil, padding: Int = 0, dilation: Int = 1) {
    self.kernel = kernel
    self.stride = stride ?? kernel
    self.padding = padding
    self.dilation = dilation
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    maxPool1d(x, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 3 else { throw ShapeError(self, input: input, "expects [batch, channels, length]") }
    let room0 = input[2] + 2 * padding - dilation * (kernel - 1) - 1
    guard room0 >= 0 else {
      throw ShapeError(self, input: input, "expects room for its window")
    }
    return [input[0], input[1], room0 / stride + 1]
  }

  public override var configuration: String { "kernel \(kernel), stride \(stride), padding \(padding)" }
}
