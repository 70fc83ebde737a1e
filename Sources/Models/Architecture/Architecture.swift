import NeuralNetworks
import TensorCore

/// A network by its name and sizes: all that is needed to make it again, before weights are loaded into it.
///
/// It is `Codable`; its JSON is made to be read: `{"kind": "resnet-cifar", "blocks": 3, "channels": 3, "classes": 10, "width": 16}`. Decoding throws
/// ``TensorIO/FileError`` for a kind that is not known, with those that are, and for sizes that no such network can have.
///
/// ```swift
/// let architecture = Architecture.mlp(sizes: [4, 8, 3])
/// let model = architecture.makeModel(using: RandomGenerator(seed: 1))
/// model(Tensor.ones([2, 4])).shape  // → [2, 3]
/// (model as? any NamesArchitecture)?.architecture == architecture  // → true
/// ```
public enum Architecture: Sendable, Hashable {
  /// ``MLP`` with rectifiers.
  case mlp(sizes: [Int])
  /// ``LeNet`` with rectifiers and max pooling.
  case leNet(pictureSize: Size2D = 28, channels: Int = 1, classes: Int = 10)
  case resNetCIFAR(blocks: Int = 3, channels: Int = 3, classes: Int = 10, width: Int = 16)
  case resNet(ResNet.Configuration, channels: Int = 3, classes: Int = 1000)
  case vgg(
    VGG.Configuration, normalised: Bool = false, channels: Int = 3, classes: Int = 1000, hidden: Int = 4096,
    dropout: Double = 0.5)
  /// ``TabularNetwork``.
  case tabular(
    numbers: Int, categories: [Int], outputs: Int, hidden: [Int] = [200, 100], widths: [Int]? = nil,
    dropout: Double = 0, embeddingDropout: Double = 0, outputRange: ClosedRange<Double>? = nil)
  /// ``NgramClassifier``.
  case ngrams(vocabulary: Int, classes: Int, padding: Int = 0)
  /// ``TextCNN``.
  case textCNN(
    vocabulary: Int, classes: Int, width: Int = 128, filters: Int = 100, sizes: [Int] = [3, 4, 5], padding: Int = 0,
    dropout: Double = 0.5)
  /// ``LSTMClassifier``.
  case lstmClassifier(
    vocabulary: Int, classes: Int, width: Int = 128, hidden: Int = 128, layers: Int = 1, bidirectional: Bool = true,
    padding: Int = 0, dropout: Double = 0.5)
  /// ``GPT``.
  case gpt(GPTConfiguration)
  /// ``AWDLSTM``.
  case awdLSTM(AWDLSTMConfiguration)
  /// A ``RatingModel``.
  case ratings(RatingArchitecture)

  /// How many tokens the network knows; nil for one that reads none.
  public var vocabulary: Int? {
    switch self {
    case .ngrams(let vocabulary, _, _), .textCNN(let vocabulary, _, _, _, _, _, _),
      .lstmClassifier(let vocabulary, _, _, _, _, _, _, _):
      vocabulary
    case .gpt(let settings): settings.vocabulary
    case .awdLSTM(let settings): settings.vocabulary
    default: nil
    }
  }

  /// The network with fresh weights. Stops for sizes that it can't have.
  public func makeModel(using generator: RandomGenerator = .default) -> any Layer {
    switch self {
    case .mlp(let sizes): MLP(sizes: sizes, using: generator)
    case .leNet(let size, let channels, let classes):
      LeNet(channels: channels, pictureSize: size, classes: classes, using: generator)
    case .resNetCIFAR(let blocks, let channels, let classes, let width):
      ResNetCIFAR(blocks: blocks, channels: channels, classes: classes, width: width, using: generator)
    case .resNet(let configuration, let channels, let classes):
      ResNet(configuration, channels: channels, classes: classes, using: generator)
    case .vgg(let configuration, let normalised, let channels, let classes, let hidden, let dropout):
      VGG(
        configuration, normalised: normalised, channels: channels, classes: classes, hidden: hidden, dropout: dropout,
        using: generator)
    case .tabular(
      let numbers, let categories, let outputs, let hidden, let widths, let dropout, let embeddingDropout, let range):
      TabularNetwork(
        numbers: numbers, categories: categories, outputs: outputs, hidden: hidden, widths: widths, dropout: dropout,
        embeddingDropout: embeddingDropout, outputRange: range, using: generator)
    case .ngrams(let vocabulary, let classes, let padding):
      NgramClassifier(vocabulary: vocabulary, classes: classes, padding: padding)
    case .textCNN(let vocabulary, let classes, let width, let filters, let sizes, let padding, let dropout):
      TextCNN(
        vocabulary: vocabulary, classes: classes, width: width, filters: filters, sizes: sizes, padding: padding,
        dropout: dropout, using: generator)
    case .lstmClassifier(
      let vocabulary, let classes, let width, let hidden, let layers, let bidirectional, let padding, let dropout):
      LSTMClassifier(
        vocabulary: vocabulary, classes: classes, width: width, hidden: hidden, layers: layers,
        bidirectional: bidirectional, padding: padding, dropout: dropout, using: generator)
    case .gpt(let settings): GPT(settings, using: generator)
    case .awdLSTM(let settings): AWDLSTM(settings, using: generator)
    case .ratings(let architecture): architecture.makeModel(using: generator)
    }
  }
}

/// A model that says what made it.
public protocol NamesArchitecture: Layer {
  /// nil where a part of the model is one's own, such as another activation.
  var architecture: Architecture? { get }
}

extension Architecture {
  /// How many numbers the network's matrices and filters have, from its sizes alone: its parameters without biases, normalisations and
  /// shortcuts. A file that holds fewer can't hold its weights, which is known so before there is room made for them.
  public var weightCount: Double {
    func product(_ factors: Int...) -> Double { factors.reduce(1) { $0 * Double($1) } }
    func chain(_ sizes: [Int]) -> Double { zip(sizes, sizes.dropFirst()).reduce(0) { $0 + product($1.0, $1.1) } }
    switch self {
    case .mlp(let sizes): return chain(sizes)
    case .leNet(let size, let channels, let classes):
      let isSmall = min(size.height, size.width) / 2 < 6
      let (height, width) =
        isSmall ? (size.height / 4, size.width / 4) : ((size.height / 2 - 4) / 2, (size.width / 2 - 4) / 2)
      return product(25, 6, channels + 16) + product(16, height, width, 120) + chain([120, 84, classes])
    case .resNetCIFAR(let blocks, let channels, let classes, let width):
      // Of a stage's 2·blocks convolutions, the first has half the inputs, but in the first stage.
      let (convolutions, less) = (product(2, blocks), product(2, blocks) - 0.5)
      let stages = product(9, width, width) * (convolutions + 4 * less + 16 * less)
      return product(9, channels, width) + stages + product(4, width, classes)
    case .resNet(let configuration, let channels, let classes):
      let widening = configuration.hasBottlenecks ? BottleneckBlock.widening : 1
      // In squares of a stage's width. Its first block has fewer inputs, or a shortcut with weights.
      let (first, next): (Double, Double) = configuration.hasBottlenecks ? (14, 17) : (13.5, 18)
      var stages = 0.0
      for (number, blocks) in configuration.blocks.enumerated() {
        stages += product(64 << number, 64 << number) * (first + next * Double(blocks - 1))
      }
      return product(49, channels, 64) + stages + product(512, widening, classes)
    case .vgg(let configuration, _, let channels, let classes, let hidden, _):
      let filters = configuration.stages.joined()
      return 9 * chain([channels] + filters) + chain([49 * (filters.last ?? 0), hidden, hidden, classes])
    case .tabular(let numbers, let categories, let outputs, let hidden, let widths, _, _, _):
      let widths = widths ?? categories.map(TabularNetwork.width(ofSize:))
      let vectors = zip(categories, widths).reduce(0) { $0 + product($1.0, $1.1) }
      return vectors + chain([numbers + widths.reduce(0, +)] + hidden + [outputs])
    case .ngrams(let vocabulary, let classes, _): return product(vocabulary, classes)
    case .textCNN(let vocabulary, let classes, let width, let filters, let sizes, _, _):
      return product(vocabulary, width) + product(width, filters, sizes.reduce(0, +))
        + product(filters, sizes.count, classes)
    case .lstmClassifier(let vocabulary, let classes, let width, let hidden, let layers, let bidirectional, _, _):
      let count = bidirectional ? 2 : 1
      let first = product(4, hidden, width + hidden, count)
      let others = product(4, hidden, hidden * (count + 1), count) * Double(layers - 1)
      return product(vocabulary, width) + first + others + product(3, hidden, count, classes)
    case .gpt(let settings):
      let (width, layers) = (settings.width, settings.layers)
      return product(settings.vocabulary, width) + product(settings.context, width) + product(12, width, width, layers)
    case .awdLSTM(let settings):
      let (width, hidden) = (settings.width, settings.hidden)
      let table = product(settings.vocabulary, width)
      if settings.layers == 1 { return table + product(8, width, width) }
      let ends = product(4, hidden, width + hidden) + product(4, width, width + hidden)
      return table + ends + product(8, hidden, hidden, settings.layers - 2)
    case .ratings(let architecture): return architecture.weightCount
    }
  }
}
