import NeuralNetworks
import TensorCore

/// LeNet-5 (LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document recognition", 1998, §II.B)
/// in its modern form: two convolutions with pooling, three affine maps. It gives logits.
///
/// [batch, channels, height, width] → [batch, classes]. For 28×28 pictures the convolution 1 → 6 (5×5, padding 2) and
/// pooling lead to [6, 14, 14], the convolution 6 → 16 (5×5) and pooling to [16, 5, 5], and the affine maps to 120,
/// 84 and `classes`. Where a picture is so small that the second convolution's window does not fit twice (8×8
/// digits), that one has a padding of 2 too.
///
/// The modern form has rectifiers and max pooling; pass `Tanh()` and `AvgPool2d(kernel: 2)` to come closer to that of
/// 1998.
///
/// ```swift
/// let model = LeNet()
/// model(Tensor.ones([2, 1, 28, 28])).shape  // → [2, 10]
/// model.parameterCount  // → 61706
/// model.children.map(\.name)[0..<3]  // → ["conv1", "conv2", "fc1"]
/// ```
public final class LeNet: Module, LayerChain, ParameterGrouping, NamesArchitecture {
  public let conv1: Conv2d
  public let conv2: Conv2d
  public let fc1: Linear
  public let fc2: Linear
  public let fc3: Linear
  public let activation: any Layer
  public let pool: any Layer
  public let flatten = Flatten()
  public let architecture: Architecture?

  /// Stops when the pictures are too small for the layers.
  public init(
    channels: Int = 1, pictureSize: Size2D = 28, classes: Int = 10, activation: any Layer = ReLU(),
    pool: any Layer = MaxPool2d(kernel: 2), using generator: RandomGenerator = .default
  ) {
    let isSmall = min(pictureSize.height, pictureSize.width) / 2 < 6
    conv1 = Conv2d(channels, 6, kernel: 5, padding: 2, using: generator)
    conv2 = Conv2d(6, 16, kernel: 5, padding: isSmall ? 2 : 0, using: generator)
    let isUsual = activation is ReLU && pool.title == MaxPool2d(kernel: 2).title
    architecture = isUsual ? .leNet(pictureSize: pictureSize, channels: channels, classes: classes) : nil
    self.activation = activation
    self.pool = pool
    let features = Sequential([conv1, activation, pool, conv2, activation, pool, flatten])
      .summary(inputShape: [1, channels, pictureSize.height, pictureSize.width])
    fc1 = Linear(features.rows.last?.outputShape?[1] ?? 0, 120, using: generator)
    fc2 = Linear(120, 84, using: generator)
    fc3 = Linear(84, classes, using: generator)
  }

  public var chain: [any Layer] {
    [conv1, activation, pool, conv2, activation, pool, flatten, fc1, activation, fc2, activation, fc3]
  }
}
