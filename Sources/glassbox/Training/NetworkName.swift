import Applications
import Models

/// Any task's network, by its short name: `resnet`.
struct NetworkName: Codable, Equatable, CustomStringConvertible {
  let name: String

  init(_ network: PictureNetwork) { name = network.rawValue }
  init(_ network: TextNetwork) { name = network.rawValue }
  init(_ network: LanguageNetwork) { name = network.rawValue }
  init(_ network: RatingNetwork) { name = network.rawValue }

  var description: String { name }

  var ofPictures: PictureNetwork? { PictureNetwork(rawValue: name) }

  var ofTexts: TextNetwork? { TextNetwork(rawValue: name) }
  var ofLongTexts: LanguageNetwork? { LanguageNetwork(rawValue: name) }
  var ofRatings: RatingNetwork? { RatingNetwork(rawValue: name) }

  private var isKnown: Bool { ofPictures != nil || ofTexts != nil || ofLongTexts != nil || ofRatings != nil }

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    name = try value.decode(String.self)
    if !isKnown { throw DecodingError.dataCorruptedError(in: value, debugDescription: "no network \(name)") }
  }

  func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    try value.encode(name)
  }
}
