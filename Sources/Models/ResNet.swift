import NeuralNetworks
import TensorCore

/// A residual network for large pictures (He, Zhang, Ren & Sun, "Deep residual learning for image recognition", 2016, table 1), as torchvision
/// has it: a 7×7 convolution and pooling, four stages of residual blocks with 64, 128, 256 and 512 channels (four times as many with bottlenecks),
/// all but the first beginning with a stride of 2, global pooling and an affine map. It gives logits. State-dict keys are torchvision's.
///
/// [batch, channels, height, width] → [batch, classes]; a picture of 224×224 leads to features of 7×7. Convolutions start normal with variance
/// 2/fan out (He et al., "Delving deep into rectifiers", 2015, eq. 14), as in torchvision. For pictures of 32×32 there is ``ResNetCIFAR``.
///
/// ```swift
/// let model = ResNet(.resNet18, classes: 10)
/// model(Tensor.ones([2, 3, 64, 64])).shape  // → [2, 10]
/// ResNet(.resNet18).parameterCount  // → 11689512
/// model.stateDictionary().names.contains("layer2.0.downsample.0.weight")  // → true
/// ```
public final class ResNet: Module, StagedClassifier, NamesArchitecture {
  /// How many blocks each stage has, and of which kind.
  public struct Configuration: Sendable, Hashable {
    public var blocks: [Int]
    public var hasBottlenecks: Bool

    public init(blocks: [Int], hasBottlenecks: Bool) {
      self.blocks = blocks
      self.hasBottlenecks = hasBottlenecks
    }

    public static let resNet18 = Configuration(blocks: [2, 2, 2, 2], hasBottlenecks: false)
    public static let resNet34 = Configuration(blocks: [3, 4, 6, 3], hasBottlenecks: false)
    public static let resNet50 = Configuration(blocks: [3, 4, 6, 3], hasBottlenecks: true)
    public static let resNet101 = Configuration(blocks: [3, 4, 23, 3], hasBottlenecks: true)
    public static let resNet152 = Configuration(blocks: [3, 8, 36, 3], hasBottlenecks: true)
  }

  public let conv1: Conv2d
  public let bn1: BatchNorm2d
  public let relu = ReLU()
  public let maxpool = MaxPool2d(kernel: 3, stride: 2, padding: 1)
  public let layer1: Sequential
  public let layer2: Sequential
  public let layer3: Sequential
  public let layer4: Sequential
  public let avgpool = AdaptiveAvgPool2d(1)
  public let flatten = Flatten()
  public let fc: Linear
  public let architecture: Architecture?

  /// Stops unless there are four stages of at least one block.
  public init(
    _ configuration: Configuration, channels: Int = 3, classes: Int = 1000, using generator: RandomGenerator = .default
  ) {
    let blocks = configuration.blocks
    guard blocks.count == 4, blocks.allSatisfy({ $0 >= 1 }) else {
      stop("ResNet", "stages of \(blocks) blocks", fix: "give four stages one block or more each")
    }
    let widening = configuration.hasBottlenecks ? BottleneckBlock.widening : 1
    func stage(_ number: Int) -> Sequential {
      let width = 64 << number
      return Sequential(
        (0..<blocks[number]).map { block -> any Layer in
          let inputs = block > 0 ? width * widening : number > 0 ? width * widening / 2 : 64
          let stride = block == 0 && number > 0 ? 2 : 1
          return configuration.hasBottlenecks
            ? BottleneckBlock(inputs, width, stride: stride, using: generator)
            : BasicBlock(inputs, width, stride: stride, using: generator)
        })
    }
    conv1 = Conv2d(channels, 64, kernel: 7, stride: 2, padding: 3, bias: false, using: generator)
    bn1 = BatchNorm2d(64)
    layer1 = stage(0)
    layer2 = stage(1)
    layer3 = stage(2)
    layer4 = stage(3)
    fc = Linear(512 * widening, classes, using: generator)
    architecture = .resNet(configuration, channels: channels, classes: classes)
    super.init()
    initializeConvolutions(using: generator)
  }

  public var stem: [any Layer] { [conv1, bn1, relu, maxpool] }
  public var stages: [[any Layer]] { [layer1, layer2, layer3, layer4].map { [$0] } }
  public var head: [any Layer] { [avgpool, flatten, fc] }
}

extension Module {
  /// Kaiming's normal weights by fan out for all convolutions inside.
  func initializeConvolutions(using generator: RandomGenerator) {
    for case (_, let convolution as Conv2d) in namedModules() {
      convolution.weight.initialize(.kaimingNormal(.fanOut, nonlinearity: .relu), using: generator)
      convolution.bias?.initialize(.constant(0))
    }
  }
}
