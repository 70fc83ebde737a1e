import NeuralNetworks
import TensorCore

/// A plain deep network of 3×3 convolutions (Simonyan & Zisserman, "Very deep convolutional networks for large-scale image recognition", 2015,
/// table 1), as torchvision has it: five stages of convolutions with rectifiers, each ending in max pooling, then three affine maps with dropout.
/// It gives logits. State-dict keys are torchvision's.
///
/// [batch, channels, height, width] → [batch, classes]; pictures have at least 32×32 pixels, and features of other sizes than 7×7 (pictures of
/// 224×224) are pooled to it. Convolutions start normal with variance 2/fan out (He et al., "Delving deep into rectifiers", 2015, eq. 14), affine
/// maps with a standard deviation of 0.01, as in torchvision.
///
/// ```swift
/// let model = VGG(.vgg11, normalised: true, classes: 10, hidden: 64)
/// model(Tensor.ones([2, 3, 32, 32])).shape  // → [2, 10]
/// model.features(Tensor.ones([1, 3, 64, 64])).shape  // → [1, 512, 2, 2]
/// model.stateDictionary().names[0]  // → features.0.weight
/// ```
public final class VGG: Module, StagedClassifier, NamesArchitecture {
  /// The channels of each stage's convolutions.
  public struct Configuration: Sendable, Hashable {
    public var stages: [[Int]]

    public init(stages: [[Int]]) { self.stages = stages }

    /// Configurations A, B, D and E of the paper.
    public static let vgg11 = Configuration(repeating: [1, 1, 2, 2, 2])
    public static let vgg13 = Configuration(repeating: [2, 2, 2, 2, 2])
    public static let vgg16 = Configuration(repeating: [2, 2, 3, 3, 3])
    public static let vgg19 = Configuration(repeating: [2, 2, 4, 4, 4])

    private init(repeating counts: [Int]) {
      stages = zip([64, 128, 256, 512, 512], counts).map { Array(repeating: $0, count: $1) }
    }
  }

  public let convolutions: Sequential
  public let avgpool = AdaptiveAvgPool2d(7)
  public let flatten = Flatten()
  public let classifier: Sequential
  public let architecture: Architecture?

  /// - Parameters:
  ///   - normalised: Whether batch normalisation follows each convolution.
  ///   - hidden: The width of the first two affine maps, which hold nine tenths of the weights: 4096 in the paper.
  ///
  /// Stops unless every stage has a convolution.
  public init(
    _ configuration: Configuration, normalised: Bool = false, channels: Int = 3, classes: Int = 1000,
    hidden: Int = 4096, dropout: Double = 0.5, using generator: RandomGenerator = .default
  ) {
    guard let features = configuration.stages.last?.last, configuration.stages.allSatisfy({ !$0.isEmpty }) else {
      stop("VGG", "stages of \(configuration.stages) channels", fix: "give every stage a convolution")
    }
    var inputs = channels
    var layers: [any Layer] = []
    for stage in configuration.stages {
      for filters in stage {
        layers.append(Conv2d(inputs, filters, kernel: 3, padding: 1, using: generator))
        if normalised { layers.append(BatchNorm2d(filters)) }
        layers.append(ReLU())
        inputs = filters
      }
      layers.append(MaxPool2d(kernel: 2))
    }
    architecture = .vgg(
      configuration, normalised: normalised, channels: channels, classes: classes, hidden: hidden, dropout: dropout)
    convolutions = Sequential(layers)
    classifier = Sequential {
      Linear(features * 49, hidden, using: generator)
      ReLU()
      Dropout(dropout, using: generator)
      Linear(hidden, hidden, using: generator)
      ReLU()
      Dropout(dropout, using: generator)
      Linear(hidden, classes, using: generator)
    }
    super.init()
    initializeConvolutions(using: generator)
    for case let linear as Linear in classifier {
      linear.weight.initialize(.normal(standardDeviation: 0.01), using: generator)
      linear.bias?.initialize(.constant(0))
    }
  }

  public override func stateKey(for property: String) -> String {
    property == "convolutions" ? "features" : super.stateKey(for: property)
  }

  public var stem: [any Layer] { [] }
  /// Each ends in its pooling.
  public var stages: [[any Layer]] {
    convolutions.reduce(into: []) { stages, layer in
      if stages.isEmpty || stages[stages.count - 1].last is MaxPool2d { stages.append([]) }
      stages[stages.count - 1].append(layer)
    }
  }
  public var head: [any Layer] { [avgpool, flatten, classifier] }
}
