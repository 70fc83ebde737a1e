import TensorCore
import TensorIO

extension Architecture: Codable {
  /// The names of networks in JSON.
  private enum Kind: String, CaseIterable {
    case mlp, vgg, tabular
    case leNet = "lenet"
    case resNetCIFAR = "resnet-cifar"
    case resNet = "resnet"
  }

  private enum Field: String, CodingKey {
    case kind, sizes, pictureSize, blocks, bottlenecks, stages, normalised, channels, width, numbers, categories,
      outputs
    case classes, hidden, widths, dropout, embeddingDropout, outputRange
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
