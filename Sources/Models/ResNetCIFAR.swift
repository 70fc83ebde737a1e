import NeuralNetworks
import TensorCore

/// A residual network for small pictures (He, Zhang, Ren & Sun, "Deep residual learning for image recognition", 2016, §4.2): a 3×3
/// convolution, three stages of `blocks` residual blocks with `width`, 2·`width` and 4·`width` channels, the second and third beginning with a
/// stride of 2, global pooling and an affine map. 6·blocks + 2 layers with weights: `blocks` 3 is ResNet-20. It gives logits.
///
/// [batch, channels, height, width] → [batch, classes]. The paper's width is 16; a wider network learns more with as many layers (Zagoruyko &
/// Komodakis, "Wide residual networks", 2016).
///
/// ```swift
/// let model = ResNetCIFAR(blocks: 3)
/// model(Tensor.ones([2, 3, 32, 32])).shape  // → [2, 10]
/// model.parameterCount  // → 269722
/// ResNetCIFAR(blocks: 3, width: 32).features(Tensor.ones([1, 3, 32, 32])).shape  // → [1, 128, 8, 8]
/// ```
public final class ResNetCIFAR: Module, StagedClassifier, NamesArchitecture {
  public let conv1: Conv2d
  public let bn1: BatchNorm2d
  public let relu = ReLU()
  public let layer1: Sequential
  public let layer2: Sequential
  public let layer3: Sequential
  public let pool = AdaptiveAvgPool2d(1)
  public let flatten = Flatten()
  public let fc: Linear
  public let architecture: Architecture?

  /// Stops unless there is a block in each stage.
  public init(
    blocks: Int = 3, channels: Int = 3, classes: Int = 10, width: Int = 16,
    using generator: RandomGenerator = .default
  ) {
    guard blocks >= 1 else { stop("ResNetCIFAR", "stages of \(blocks) blocks", fix: "give each stage one or more") }
    func stage(_ channels: Int, _ filters: Int, stride: Int) -> Sequential {
      Sequential(
        (0..<blocks).map { block in
          ResidualBlock(
            block == 0 ? channels : filters, filters, stride: block == 0 ? stride : 1, using: generator)
        })
    }
    conv1 = Conv2d(channels, width, kernel: 3, padding: 1, bias: false, using: generator)
    bn1 = BatchNorm2d(width)
    layer1 = stage(width, width, stride: 1)
    layer2 = stage(width, 2 * width, stride: 2)
    layer3 = stage(2 * width, 4 * width, stride: 2)
    fc = Linear(4 * width, classes, using: generator)
    architecture = .resNetCIFAR(blocks: blocks, channels: channels, classes: classes, width: width)
    super.init()
    for (_, module) in namedModules() {
      if let convolution = module as? Conv2d {
        convolution.weight.initialize(.kaimingNormal(nonlinearity: .relu), using: generator)
      }
    }
  }

  public var stem: [any Layer] { [conv1, bn1, relu] }
  public var stages: [[any Layer]] { [[layer1], [layer2], [layer3]] }
  public var head: [any Layer] { [pool, flatten, fc] }
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
