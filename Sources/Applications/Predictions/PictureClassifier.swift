import DataPipelines
import Foundation
import NeuralNetworks
import TensorCore
import TensorIO

/// Says what pictures show: a trained model with the preparation of its inputs and the names of its classes.
///
/// Pictures are JPEG or PNG files, or tensors; grey or in colours, of any size. The model computes in evaluation mode.
///
/// ```swift
/// func name(_ photo: URL) throws -> String {
///   let classifier = try PictureClassifier(contentsOf: URL(filePath: "animals.safetensors"))
///   return try classifier.predict(photo).className
/// }
/// let preparation = PicturePreparation(size: 8, channels: 1, mean: [0.5], standardDeviation: [0.25])
/// let model = LeNet(pictureSize: 8, classes: 2)
/// let classifier = PictureClassifier(model, preparation: preparation, classNames: ["cat", "dog"])
/// let prediction = classifier.predict(Tensor.zeros([3, 40, 30], dtype: .uint8))
/// prediction.candidates.count  // → 2
/// ```
public struct PictureClassifier {
  public let model: any Layer
  public let preparation: PicturePreparation
  /// By the model's outputs.
  public let classNames: [String]
  /// What is noted in the file.
  public var details: [String: String]

  /// Stops unless the model makes a logit for each class of pictures that are prepared so.
  public init(
    _ model: any Layer, preparation: PicturePreparation, classNames: [String], details: [String: String] = [:]
  ) {
    if let (expected, found) = Self.mismatch(model, preparation, classNames) {
      stop("PictureClassifier", found, fix: "pass \(expected)")
    }
    (self.model, self.preparation, self.classNames, self.details) = (model, preparation, classNames, details)
  }

  /// Reads a ``ModelFile``, which has all that is needed.
  ///
  /// - Throws: ``TensorIO/FileError`` when it can't be read or is damaged, is for another task, or its model is none of ``Models/Architecture``.
  public init(contentsOf url: URL) throws(FileError) {
    let file = try ModelFile(contentsOf: url)
    try self.init(file, try file.makeModel())
  }

  /// Reads a ``ModelFile`` whose model is one's own: its weights go into the one given.
  ///
  /// - Throws: ``TensorIO/FileError``, as ``init(contentsOf:)``, and when the weights are not this model's.
  public init(contentsOf url: URL, into model: any Layer) throws(FileError) {
    let file = try ModelFile(contentsOf: url)
    try file.load(into: model)
    try self.init(file, model)
  }

  private init(_ file: ModelFile, _ model: any Layer) throws(FileError) {
    guard case .picture(let preparation, let classNames) = file.preparation else {
      throw .contents(
        file: file.file, key: "task", expected: "\(ModelFile.Task.pictureClassification)", found: "\(file.task)")
    }
    if let (expected, found) = Self.mismatch(model, preparation, classNames) {
      throw .contents(file: file.file, key: "preparation", expected: expected, found: found)
    }
    (self.model, self.preparation, self.classNames) = (model, preparation, classNames)
    details = file.details
  }

  private static func mismatch(
    _ model: any Layer, _ preparation: PicturePreparation, _ classNames: [String]
  ) -> (expected: String, found: String)? {
    if classNames.isEmpty { return ("one class or more", "none") }
    let input: Shape = [1, preparation.channels, preparation.size.height, preparation.size.width]
    return model.mismatch(input: input, outputs: classNames.count)
  }

  /// Writes all of it in one file, whole or not at all.
  ///
  /// - Throws: ``TensorIO/FileError``. What stood at `url` is then as it was.
  public func save(to url: URL) throws(FileError) {
    try ModelFile(model, preparation: .picture(preparation, classNames: classNames), details: details).write(to: url)
  }
}

// MARK: - Predicting

extension PictureClassifier {
  /// What a file's picture shows.
  ///
  /// - Throws: ``TensorIO/FileError`` when it can't be decoded.
  public func predict(_ picture: URL) throws(FileError) -> Prediction { try predict([picture])[0] }

  /// What files' pictures show, in their order; they are read and computed in batches.
  ///
  /// - Throws: ``TensorIO/FileError`` with the first that can't be decoded.
  public func predict(_ pictures: [URL], batchSize: Int = 64) throws(FileError) -> [Prediction] {
    var predictions: [Prediction] = []
    for start in stride(from: 0, to: pictures.count, by: batchSize) {
      var batch: [Tensor] = []
      for url in pictures[start..<min(start + batchSize, pictures.count)] {
        batch.append(preparation(try PictureFile.read(url, options: preparation.options)))
      }
      predictions += judged(Tensor.stacked(batch))
    }
    return predictions
  }

  /// What a picture shows: [1 or 3 channels, any height, any width], uint8 from 0 to 255 or floating-point from 0 to 1.
  public func predict(_ picture: Tensor) -> Prediction { predict([picture])[0] }

  /// What pictures show, in their order; they need not be of equal size.
  public func predict(_ pictures: [Tensor], batchSize: Int = 64) -> [Prediction] {
    stride(from: 0, to: pictures.count, by: batchSize).flatMap { start in
      judged(Tensor.stacked(pictures[start..<min(start + batchSize, pictures.count)].map { preparation($0) }))
    }
  }

  private func judged(_ x: Tensor) -> [Prediction] { Prediction.all(model.inferred(x), classNames: classNames) }
}
