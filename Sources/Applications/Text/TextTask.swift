import DataPipelines
import Foundation
import NeuralNetworks
import Tables
import TensorCore
import TensorIO
import Tokenizers

/// Texts in classes to learn from, texts to test on, and what texts go through.
///
/// ```swift
/// func learn() async throws {
///   let task = try TextTask(try await IMDB.load(), network: .ngrams)
///   let recipe = Recipe.text(.ngrams)
///   let learner = recipe.learner(for: task, seed: 1)
///   learner.callbacks.append(Progress())
///   try recipe.fit(learner)
///   let classifier = task.classifier(learner.model)
///   try classifier.save(to: URL(filePath: "sentiment.safetensors"))
///   print(classifier.predict("What a film!"))
/// }
/// ```
public struct TextTask: Sendable {
  public let training: LabelledTexts
  public let test: LabelledTexts
  public let network: TextNetwork
  public let preparation: TextPreparation
  /// The texts as the network takes them.
  let trainingSet: TokenDataset
  let testSet: TokenDataset
  /// What was found, and what was left out.
  public let report: InputReport
  /// Of all texts and their classes.
  public let sha256: String

  /// - Throws: ``Tokenizers/TokenizerError`` for a text that holds the name of a special token.
  public init(
    _ data: TextData, network: TextNetwork, recipe: Recipe? = nil, report: InputReport = InputReport()
  ) throws(TokenizerError) {
    (training, test, self.network) = (data.train, data.test, network)
    let (preparation, ids) = try TextPreparation.fitted(to: data.train.texts, network: network, recipe: recipe)
    self.preparation = preparation
    trainingSet = TokenDataset(ids, classes: data.train.classes, padding: preparation.padding)
    testSet = data.test.tokenized(padding: preparation.padding) { preparation.ids(of: $0) }
    var report = report
    (report.trainingSamples, report.testSamples) = (data.train.count, data.test.count)
    self.report = report
    let hash = SHA256()
    for part in [data.train, data.test] {
      for (text, label) in zip(part.texts, part.classes) {
        hash.update(Array("\(part.classNames[label])\0\(text)\0".utf8))
      }
    }
    sha256 = hash.finish()
  }

  public var classNames: [String] { training.classNames }

  /// What classifies texts, with a model that was trained on these.
  public func classifier(_ model: any Layer, details: [String: String] = [:]) -> TextClassifier {
    TextClassifier(model, preparation: preparation, classNames: classNames, details: details)
  }
}
