import Foundation
import Models
import NeuralNetworks
import TensorCore
import TensorIO

/// Says which class a text is of: a trained model with what texts go through and the names of the classes.
///
/// ```swift
/// func judge(_ review: String) throws -> Prediction {
///   try TextClassifier(contentsOf: URL(filePath: "sentiment.safetensors")).predict(review)
/// }
/// ```
public struct TextClassifier {
  public let model: any Layer
  public let preparation: TextPreparation
  /// By the model's outputs.
  public let classNames: [String]
  /// What is noted in the file.
  public var details: [String: String]

  /// Under which ``details`` hold the name of the table's column that texts were taken from.
  public static let columnKey = "text_column"

  /// Stops unless there is a class, and the model has a logit for each and knows the preparation's tokens.
  public init(
    _ model: any Layer, preparation: TextPreparation, classNames: [String], details: [String: String] = [:]
  ) {
    if let (expected, found) = Self.mismatch(model, preparation, classNames) {
      stop("TextClassifier", found, fix: "pass \(expected)")
    }
    (self.model, self.preparation, self.classNames, self.details) = (model, preparation, classNames, details)
  }

  /// Reads a ``ModelFile``, which has all that is needed.
  ///
  /// - Throws: ``TensorIO/FileError`` when it can't be read or is damaged, is for another task, or its model is none of ``Models/Architecture``.
  public init(contentsOf url: URL) throws(FileError) {
    let file = try ModelFile(contentsOf: url)
    guard case .text(let preparation, let classNames) = file.preparation else {
      throw .contents(
        file: file.file, key: "task", expected: "\(ModelFile.Task.textClassification)", found: "\(file.task)")
    }
    let model = try file.makeModel()
    if let (expected, found) = Self.mismatch(model, preparation, classNames) {
      throw .contents(file: file.file, key: "preparation", expected: expected, found: found)
    }
    (self.model, self.preparation, self.classNames) = (model, preparation, classNames)
    details = file.details
  }

  private static func mismatch(
    _ model: any Layer, _ preparation: TextPreparation, _ classNames: [String]
  ) -> (expected: String, found: String)? {
    if classNames.isEmpty { return ("one class or more", "none") }
    if preparation.maximumLength < 1 {
      return ("a preparation that reads one token or more", "one that reads \(preparation.maximumLength)")
    }
    let size = preparation.vocabularySize
    if let own = (model as? any NamesArchitecture)?.architecture?.vocabulary, own < size {
      return ("a model of \(size) tokens, as texts are turned to", "one of \(own)")
    }
    return model.mismatch(input: [1, 1], outputs: classNames.count)
  }

  /// Writes all of it in one file, whole or not at all.
  ///
  /// - Throws: ``TensorIO/FileError``. What stood at `url` is then as it was.
  public func save(to url: URL) throws(FileError) {
    try ModelFile(model, preparation: .text(preparation, classNames: classNames), details: details).write(to: url)
  }

  /// The classes of a text.
  public func predict(_ text: String) -> Prediction { predict([text])[0] }

  /// The classes of texts, in their order.
  public func predict(_ texts: [String], batchSize: Int = 64) -> [Prediction] {
    stride(from: 0, to: texts.count, by: batchSize).flatMap { start in
      let batch = preparation.batch(Array(texts[start..<min(start + batchSize, texts.count)]))
      return Prediction.all(model.inferred(tokens: batch), classNames: classNames)
    }
  }
}
