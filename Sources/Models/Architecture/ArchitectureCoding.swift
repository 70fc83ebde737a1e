import TensorCore
import TensorIO

extension Architecture: Codable {
  /// The names of networks in JSON.
  private enum Kind: String, CaseIterable {
    case mlp, vgg, tabular
    case leNet = "lenet"
    case resNetCIFAR = "resnet-cifar"
    case resNet = "resnet"
    case ngrams
    case textCNN = "text-cnn"
    case lstmClassifier = "lstm-classifier"
    case gpt
    case awdLSTM = "awd-lstm"
    case ratings
  }

  private enum Field: String, CodingKey {
    case kind, sizes, pictureSize, blocks, bottlenecks, stages, normalised, channels, width, numbers, categories,
      outputs
    case vocabulary, filters, layers, bidirectional, padding
    case classes, hidden, widths, dropout, embeddingDropout, outputRange
    case heads, context, bias, gelu, dropouts
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Field.self)
    func set(_ kind: Kind, _ sizes: [(Field, any Encodable)]) throws {
      try fields.encode(kind.rawValue, forKey: .kind)
      for (field, value) in sizes { try fields.encode(value, forKey: field) }
    }
    switch self {
    case .mlp(let sizes): try set(.mlp, [(.sizes, sizes)])
    case .leNet(let size, let channels, let classes):
      try set(.leNet, [(.pictureSize, size), (.channels, channels), (.classes, classes)])
    case .resNetCIFAR(let blocks, let channels, let classes, let width):
      try set(.resNetCIFAR, [(.blocks, blocks), (.channels, channels), (.classes, classes), (.width, width)])
    case .resNet(let configuration, let channels, let classes):
      try set(
        .resNet,
        [
          (.blocks, configuration.blocks), (.bottlenecks, configuration.hasBottlenecks), (.channels, channels),
          (.classes, classes),
        ])
    case .vgg(let configuration, let normalised, let channels, let classes, let hidden, let dropout):
      try set(
        .vgg,
        [
          (.stages, configuration.stages), (.normalised, normalised), (.channels, channels), (.classes, classes),
          (.hidden, hidden), (.dropout, dropout),
        ])
    case .tabular(
      let numbers, let categories, let outputs, let hidden, let widths, let dropout, let embeddingDropout, let range):
      try set(
        .tabular,
        [
          (.numbers, numbers), (.categories, categories), (.outputs, outputs), (.hidden, hidden),
          (.dropout, dropout), (.embeddingDropout, embeddingDropout),
        ])
      try fields.encodeIfPresent(widths, forKey: .widths)
      try fields.encodeIfPresent(range.map { [$0.lowerBound, $0.upperBound] }, forKey: .outputRange)
    case .ngrams(let vocabulary, let classes, let padding):
      try set(.ngrams, [(.vocabulary, vocabulary), (.classes, classes), (.padding, padding)])
    case .textCNN(let vocabulary, let classes, let width, let filters, let sizes, let padding, let dropout):
      try set(
        .textCNN,
        [
          (.vocabulary, vocabulary), (.classes, classes), (.width, width), (.filters, filters), (.sizes, sizes),
          (.padding, padding), (.dropout, dropout),
        ])
    case .lstmClassifier(
      let vocabulary, let classes, let width, let hidden, let layers, let bidirectional, let padding, let dropout):
      try set(
        .lstmClassifier,
        [
          (.vocabulary, vocabulary), (.classes, classes), (.width, width), (.hidden, hidden), (.layers, layers),
          (.bidirectional, bidirectional), (.padding, padding), (.dropout, dropout),
        ])
    case .gpt(let settings):
      try set(
        .gpt,
        [
          (.layers, settings.layers), (.heads, settings.heads), (.width, settings.width),
          (.context, settings.context), (.vocabulary, settings.vocabulary), (.dropout, settings.dropout),
          (.bias, settings.bias), (.gelu, settings.gelu == .tanh ? "tanh" : "exact"),
        ])
    case .awdLSTM(let settings):
      try set(
        .awdLSTM,
        [
          (.vocabulary, settings.vocabulary), (.width, settings.width), (.hidden, settings.hidden),
          (.layers, settings.layers),
          (
            .dropouts,
            [
              settings.tokenDropout, settings.inputDropout, settings.layerDropout, settings.outputDropout,
              settings.weightDropout,
            ]
          ),
        ])
    case .ratings(let architecture):
      try fields.encode(Kind.ratings.rawValue, forKey: .kind)
      try architecture.encode(to: encoder)
    }
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    let name = try fields.decode(String.self, forKey: .kind)
    guard let kind = Kind(rawValue: name) else {
      let known = Kind.allCases.map(\.rawValue).sorted().joined(separator: ", ")
      throw Self.refused(.kind, "one of \(known)", "\"\(name)\"")
    }
    func sizes(_ field: Field, atLeast count: Int = 0, from least: Int = 1) throws -> [Int] {
      try Self.checked(fields.decode([Int].self, forKey: field), field, atLeast: count, from: least)
    }
    func size(_ field: Field, from least: Int = 1) throws -> Int {
      try Self.checked([fields.decode(Int.self, forKey: field)], field, from: least)[0]
    }
    func probability(_ field: Field) throws -> Double {
      let value = try fields.decode(Double.self, forKey: field)
      if !(0..<1).contains(value) { throw Self.refused(field, "a probability in 0..<1", "\(value)") }
      return value
    }
    switch kind {
    case .mlp: self = .mlp(sizes: try sizes(.sizes, atLeast: 2))
    case .leNet:
      // A picture of fewer pixels has none left after the second pooling.
      let picture = try fields.decode(Size2D.self, forKey: .pictureSize)
      _ = try Self.checked([picture.height, picture.width], .pictureSize, from: 4)
      self = .leNet(pictureSize: picture, channels: try size(.channels), classes: try size(.classes))
    case .resNetCIFAR:
      self = .resNetCIFAR(
        blocks: try size(.blocks), channels: try size(.channels), classes: try size(.classes), width: try size(.width))
    case .resNet:
      let blocks = try sizes(.blocks, atLeast: 4)
      if blocks.count != 4 { throw Self.refused(.blocks, "four stages", "\(blocks.count)") }
      self = .resNet(
        ResNet.Configuration(blocks: blocks, hasBottlenecks: try fields.decode(Bool.self, forKey: .bottlenecks)),
        channels: try size(.channels), classes: try size(.classes))
    case .vgg:
      let stages = try fields.decode([[Int]].self, forKey: .stages).map { try Self.checked($0, .stages, atLeast: 1) }
      if stages.isEmpty { throw Self.refused(.stages, "one or more", "none") }
      self = .vgg(
        VGG.Configuration(stages: stages), normalised: try fields.decode(Bool.self, forKey: .normalised),
        channels: try size(.channels), classes: try size(.classes), hidden: try size(.hidden),
        dropout: try probability(.dropout))
    case .ngrams, .textCNN, .lstmClassifier:
      let (vocabulary, classes) = (try size(.vocabulary), try size(.classes))
      let padding = try fields.decode(Int.self, forKey: .padding)
      if !(0..<vocabulary).contains(padding) {
        throw Self.refused(.padding, "a token below \(vocabulary)", "\(padding)")
      }
      switch kind {
      case .textCNN:
        self = .textCNN(
          vocabulary: vocabulary, classes: classes, width: try size(.width), filters: try size(.filters),
          sizes: try sizes(.sizes, atLeast: 1), padding: padding, dropout: try probability(.dropout))
      case .lstmClassifier:
        self = .lstmClassifier(
          vocabulary: vocabulary, classes: classes, width: try size(.width), hidden: try size(.hidden),
          layers: try size(.layers), bidirectional: try fields.decode(Bool.self, forKey: .bidirectional),
          padding: padding, dropout: try probability(.dropout))
      default: self = .ngrams(vocabulary: vocabulary, classes: classes, padding: padding)
      }
    case .gpt:
      let (heads, width) = (try size(.heads), try size(.width))
      if width % heads != 0 { throw Self.refused(.heads, "a number that divides the width of \(width)", "\(heads)") }
      let name = try fields.decode(String.self, forKey: .gelu)
      if !["exact", "tanh"].contains(name) { throw Self.refused(.gelu, "exact or tanh", "\"\(name)\"") }
      self = .gpt(
        GPTConfiguration(
          layers: try size(.layers), heads: heads, width: width, context: try size(.context),
          vocabulary: try size(.vocabulary), dropout: try probability(.dropout),
          bias: try fields.decode(Bool.self, forKey: .bias), gelu: name == "tanh" ? .tanh : .exact))
    case .awdLSTM:
      let dropouts = try fields.decode([Double].self, forKey: .dropouts)
      if dropouts.count != 5 || !dropouts.allSatisfy((0..<1).contains) {
        throw Self.refused(.dropouts, "five probabilities in 0..<1", "\(dropouts)")
      }
      self = .awdLSTM(
        AWDLSTMConfiguration(
          vocabulary: try size(.vocabulary), width: try size(.width), hidden: try size(.hidden),
          layers: try size(.layers), tokenDropout: dropouts[0], inputDropout: dropouts[1], layerDropout: dropouts[2],
          outputDropout: dropouts[3], weightDropout: dropouts[4]))
    case .ratings: self = .ratings(try RatingArchitecture(from: decoder))
    case .tabular:
      let (numbers, categories) = (try size(.numbers, from: 0), try sizes(.categories))
      if numbers + categories.count == 0 { throw Self.refused(.numbers, "a number or a category", "none") }
      let widths = fields.contains(.widths) ? try sizes(.widths) : nil
      if let widths, widths.count != categories.count {
        throw Self.refused(.widths, "\(categories.count), one for each of the categories", "\(widths.count)")
      }
      let range = try fields.decodeIfPresent([Double].self, forKey: .outputRange)
      if let range, range.count != 2 || !(range[0] < range[1]) {
        throw Self.refused(.outputRange, "a bound and a greater one", "\(range)")
      }
      self = .tabular(
        numbers: numbers, categories: categories, outputs: try size(.outputs), hidden: try sizes(.hidden),
        widths: widths, dropout: try probability(.dropout), embeddingDropout: try probability(.embeddingDropout),
        outputRange: range.map { $0[0]...$0[1] })
    }
  }

  /// Sizes that a network may have: some of them, none too small, and none so large that their product is no `Int`.
  private static func checked(
    _ sizes: [Int], _ field: Field, atLeast count: Int = 0, from least: Int = 1
  ) throws(FileError) -> [Int] {
    if sizes.count < count { throw Self.refused(field, "\(count) or more", "\(sizes.count)") }
    let most = 1 << 24
    if let wrong = sizes.first(where: { !(least...most).contains($0) }) {
      throw Self.refused(field, "whole numbers in \(least)...\(most)", "\(wrong)")
    }
    return sizes
  }

  private static func refused(_ field: Field, _ expected: String, _ found: String) -> FileError {
    .contents(file: "architecture", key: field.rawValue, expected: expected, found: found)
  }
}
