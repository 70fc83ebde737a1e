import Applications
import Foundation
import Models
import NeuralNetworks
import TensorCore
import TensorIO
import Testing

@Suite("A classifier of texts")
struct TextClassifierTests {
  private let texts = ["a good film", "a bad film", "a good plot", "a bad plot"]
  private let names = ["bad", "good"]
  private let folder: TemporaryFolder
  private var file: URL { folder.file("texts.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  private func refusal() throws -> String {
    "\(try #require(throws: FileError.self) { try TextClassifier(contentsOf: file) })"
  }

  @Test("comes back from its file with what texts go through, and says the same", arguments: TextNetwork.allCases)
  func roundTrip(_ network: TextNetwork) throws {
    let preparation = try TextPreparation(fitting: texts, network: network)
    let architecture = network.architecture(
      vocabulary: preparation.vocabularySize, classes: 2, padding: preparation.padding, recipe: .text(network))
    let model = architecture.makeModel(using: RandomGenerator(seed: 3))
    let generator = RandomGenerator(seed: 4)
    for parameter in model.parameters { parameter.initialize(.normal(standardDeviation: 1), using: generator) }
    let classifier = TextClassifier(
      model, preparation: preparation, classNames: names, details: [TextClassifier.columnKey: "review"])
    try classifier.save(to: file)
    let read = try TextClassifier(contentsOf: file)
    #expect(read.preparation == preparation && read.classNames == names && read.details == classifier.details)
    #expect(type(of: read.model) == type(of: model))
    let predictions = read.predict(texts + ["", "what film?"])
    #expect(predictions == classifier.predict(texts + ["", "what film?"]) && Set(predictions).count > 2)
    #expect(try ModelFile(contentsOf: file).task == .textClassification)
    #expect(throws: FileError.self) { try TextWriter(contentsOf: file) }
  }

  @Test("whose model has fewer tokens than texts are turned to is refused by name")
  func vocabulary() throws {
    for network in TextNetwork.allCases {
      let preparation = try TextPreparation(fitting: texts, network: network)
      let size = preparation.vocabularySize
      let model = network.architecture(vocabulary: size - 1, classes: 2, padding: 0, recipe: .text(network)).makeModel()
      try ModelFile(model, preparation: .text(preparation, classNames: names)).write(to: file)
      let expected = "expected a model of \(size) tokens, as texts are turned to, found one of \(size - 1)"
      #expect(try refusal().contains("\"preparation\": \(expected)"))
    }
  }

  @Test("that reads no token of a text, or has other classes, is refused by name", arguments: [0, -1, .min])
  func damaged(length: Int) throws {
    let words = try TextPreparation(fitting: texts, network: .cnn).tokenizer
    let preparation = TextPreparation(tokenizer: words, maximumLength: length)
    let model = TextCNN(vocabulary: preparation.vocabularySize, classes: 2, width: 4, filters: 2)
    try ModelFile(model, preparation: .text(preparation, classNames: names)).write(to: file)
    #expect(
      try refusal().contains("expected a preparation that reads one token or more, found one that reads \(length)"))
    try ModelFile(model, preparation: .text(TextPreparation(tokenizer: words), classNames: [])).write(to: file)
    #expect(try refusal().contains("expected one class or more, found none"))
  }
}
