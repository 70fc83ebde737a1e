import NeuralNetworks
import TensorCore

/// A residual network for small pictures (He, Zhang, Ren & Sun, "Deep residual learning for image recognition", 2016, §4.2): a 3×3
/// convolution, three stages of `blocks` residual blocks with 16, 32 and 64 channels, the second and third beginning with a stride of 2,
/// global pooling and an affine map. 6·blocks + 2 layers with weights: `blocks` 3 is ResNet-20. It gives logits.
///
/// [batch, channels, height, width] → [batch, classes].
///
/// ```swift
/// let model = ResNetCIFAR(blocks: 3)
/// model(Tensor.ones([2, 3, 32, 32])).shape  // → [2, 10]
/// model.parameterCount  // → 269722
/// ```
public final class ResNetCIFAR: Module, LayerChain {
  public let conv1: Conv2d
  public let bn1: BatchNorm2d
  public let relu = ReLU()
  public let layer1: Sequential
  public let layer2: Sequential
  public let layer3: Sequential
  public let pool = AdaptiveAvgPool2d(1)
  public let flatten = Flatten()
  public let fc: Linear

  public init(
    blocks: Int = 3, channels: Int = 3, classes: Int = 10, using generator: RandomGenerator = .default
  ) {
    func stage(_ channels: Int, _ filters: Int, stride: Int) -> Sequential {
      Sequential(
        (0..<blocks).map { block in
          ResidualBlock(
            block == 0 ? channels : filters, filters, stride: block == 0 ? stride : 1, using: generator)
        })
    }
    conv1 = Conv2d(channels, 16, kernel: 3, padding: 1, bias: false, using: generator)
    bn1 = BatchNorm2d(16)
    layer1 = stage(16, 16, stride: 1)
    layer2 = stage(16, 32, stride: 2)
    layer3 = stage(32, 64, stride: 2)
    fc = Linear(64, classes, using: generator)
    super.init()
    for (_, module) in namedModules() {
      if let convolution = module as? Conv2d {
        convolution.weight.initialize(.kaimingNormal(nonlinearity: .relu), using: generator)
      }
    }
  }

  public var chain: [any Layer] { [conv1, bn1, relu, layer1, layer2, layer3, pool, flatten, fc] }
}

/// y = relu(x' + bn(conv(relu(bn(conv(x)))))), where x' is x, or where the shape changes every second pixel of x with zeros for the
/// channels that are new ("option A", which has no weights).
///
/// ```swift
/// ResidualBlock(16, 32, stride: 2)(Tensor.ones([1, 16, 8, 8])).shape  // → [1, 32, 4, 4]
/// ```
public final class ResidualBlock: Module, Layer {
  public let conv1: Conv2d
  public let bn1: BatchNorm2d
  public let conv2: Conv2d
  public let bn2: BatchNorm2d
  private let stride: Int
  private let widened: Int

  public init(_ channels: Int, _ filters: Int, stride: Int = 1, using generator: RandomGenerator = .default) {
    conv1 = Conv2d(
      channels, filters, kernel: 3, stride: Size2D(stride, stride), padding: 1, bias: false, using: generator)
    bn1 = BatchNorm2d(filters)
    conv2 = Conv2d(filters, filters, kernel: 3, padding: 1, bias: false, using: generator)
    bn2 = BatchNorm2d(filters)
    self.stride = stride
    widened = filters - channels
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let y = bn2(conv2(bn1(conv1(x)).relu()))
    return (y + shortcut(x)).relu()
  }

  private func shortcut(_ x: Tensor) -> Tensor {
    if stride == 1 && widened == 0 { return x }
    let half = x[.all, .all, .every(stride), .every(stride)]
    return half.padded([(0, 0), (widened / 2, widened - widened / 2), (0, 0), (0, 0)])
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try conv2.outputShape(for: conv1.outputShape(for: input))
  }
}
