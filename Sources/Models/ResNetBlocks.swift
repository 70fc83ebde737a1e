import NeuralNetworks
import TensorCore

/// y = relu(x' + bn(conv(relu(bn(conv(x)))))) with two 3×3 convolutions (He et al., 2016, fig. 5, left); x' is x, or where the shape changes a 1×1
/// convolution of it with normalisation ("option B").
///
/// [batch, channels, height, width] → [batch, filters, ⌈height/stride⌉, ⌈width/stride⌉].
///
/// ```swift
/// BasicBlock(16, 32, stride: 2)(Tensor.ones([1, 16, 8, 8])).shape  // → [1, 32, 4, 4]
/// BasicBlock(16, 16).downsample == nil  // → true
/// ```
public final class BasicBlock: Module, Layer {
  public let conv1: Conv2d
  public let bn1: BatchNorm2d
  public let conv2: Conv2d
  public let bn2: BatchNorm2d
  /// What brings x to the shape of y; nil where it has that already.
  public let downsample: Sequential?

  public init(_ channels: Int, _ filters: Int, stride: Int = 1, using generator: RandomGenerator = .default) {
    conv1 = Conv2d(
      channels, filters, kernel: 3, stride: Size2D(stride, stride), padding: 1, bias: false, using: generator)
    bn1 = BatchNorm2d(filters)
    conv2 = Conv2d(filters, filters, kernel: 3, padding: 1, bias: false, using: generator)
    bn2 = BatchNorm2d(filters)
    downsample = projection(channels, filters, stride: stride, using: generator)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let y = bn2(conv2(bn1(conv1(x)).relu()))
    return (y + (downsample?(x) ?? x)).relu()
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try conv2.outputShape(for: conv1.outputShape(for: input))
  }
}

/// y = relu(x' + bn(conv₁(relu(bn(conv₃(relu(bn(conv₁(x)))))))): a 1×1 convolution to `width` channels, a 3×3 one there and a 1×1 one to four times
/// as many (He et al., 2016, fig. 5, right); x' as in ``BasicBlock``. The stride is the 3×3 convolution's, as in torchvision ("v1.5", which is half
/// a per cent more accurate), where the paper has it in the first.
///
/// [batch, channels, height, width] → [batch, 4·width, ⌈height/stride⌉, ⌈width/stride⌉].
///
/// ```swift
/// BottleneckBlock(64, 16, stride: 2)(Tensor.ones([1, 64, 8, 8])).shape  // → [1, 64, 4, 4]
/// ```
public final class BottleneckBlock: Module, Layer {
  /// How many channels come out for each in the middle.
  public static let widening = 4

  public let conv1: Conv2d
  public let bn1: BatchNorm2d
  public let conv2: Conv2d
  public let bn2: BatchNorm2d
  public let conv3: Conv2d
  public let bn3: BatchNorm2d
  /// What brings x to the shape of y; nil where it has that already.
  public let downsample: Sequential?

  public init(_ channels: Int, _ width: Int, stride: Int = 1, using generator: RandomGenerator = .default) {
    let filters = BottleneckBlock.widening * width
    conv1 = Conv2d(channels, width, kernel: 1, bias: false, using: generator)
    bn1 = BatchNorm2d(width)
    conv2 = Conv2d(width, width, kernel: 3, stride: Size2D(stride, stride), padding: 1, bias: false, using: generator)
    bn2 = BatchNorm2d(width)
    conv3 = Conv2d(width, filters, kernel: 1, bias: false, using: generator)
    bn3 = BatchNorm2d(filters)
    downsample = projection(channels, filters, stride: stride, using: generator)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let y = bn3(conv3(bn2(conv2(bn1(conv1(x)).relu())).relu()))
    return (y + (downsample?(x) ?? x)).relu()
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try conv3.outputShape(for: conv2.outputShape(for: conv1.outputShape(for: input)))
  }
}

/// What brings a block's input to the shape of its output, where they differ.
private func projection(
  _ channels: Int, _ filters: Int, stride: Int, using generator: RandomGenerator
) -> Sequential? {
  if stride == 1 && channels == filters { return nil }
  return Sequential([
    Conv2d(channels, filters, kernel: 1, stride: Size2D(stride, stride), bias: false, using: generator),
    BatchNorm2d(filters),
  ])
}
