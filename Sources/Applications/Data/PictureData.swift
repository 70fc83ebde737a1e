import DataPipelines
import Foundation
import NeuralNetworks
import TensorCore
import TensorIO

/// Pictures in classes, to learn from and to test on, with what they go through on their way to a network.
///
/// A folder holds one folder for each class; or a folder `train` of that form and beside it `test` (or `valid`, `val`). Without the second, a part
/// of each class is held out by seed. An archive (zip, tar, tar.gz) of such a folder is unpacked into the cache. Pictures are JPEG or PNG.
///
/// ```swift
/// func learn(_ folder: URL, _ photo: URL) throws {
///   let data = try PictureData(folder, onBadInput: .skip)
///   print(data.report)
///   let recipe = Recipe.pictures
///   let learner = recipe.learner(for: data, network: .resnet, seed: 1)
///   learner.callbacks.append(Progress())
///   try recipe.fit(learner)
///   print(try learner.validate())
///   let classifier = data.classifier(learner.model)
///   try classifier.save(to: URL(filePath: "animals.safetensors"))
///   print(try classifier.predict(photo))
/// }
/// ```
public struct PictureData: Sendable {
  public let training: Pictures
  public let test: Pictures
  /// By target.
  public let classNames: [String]
  /// Size, channels, and the mean and deviation, which are measured on the pictures to learn from.
  public let preparation: PicturePreparation
  /// What was found, and what was left out.
  public let report: InputReport
  /// Of the names, classes and bytes of all files; of pixels and labels, where there are no files.
  public let sha256: String

  /// Data of one's own: pictures uint8 [count, channels, height, width] from 0 to 255, or floating-point from 0 to 1. Stops unless they have the
  /// preparation's size and channels.
  public init(_ data: ImageClassificationData, preparation: PicturePreparation) {
    let expected = [preparation.channels, preparation.size.height, preparation.size.width]
    if let wrong = [data.train, data.test].first(where: { Array($0.inputs.shape.dimensions.dropFirst()) != expected }) {
      stop("PictureData", "pictures \(wrong.inputs.shape)", fix: "use a preparation of their size and channels")
    }
    let hash = SHA256()
    for part in [data.train, data.test] {
      part.inputs.withUnsafeBytes { hash.update($0) }
      part.targets.withUnsafeBytes { hash.update($0) }
    }
    func pictures(_ part: TensorDataset) -> Pictures {
      Pictures(classes: part.classes, files: [], decoded: part.inputs, preparation: preparation)
    }
    self.init(
      training: pictures(data.train), test: pictures(data.test), classNames: data.classNames,
      preparation: preparation, report: InputReport(), sha256: hash.finish())
  }

  init(
    training: Pictures, test: Pictures, classNames: [String], preparation: PicturePreparation, report: InputReport,
    sha256: String
  ) {
    (self.training, self.test, self.classNames) = (training, test, classNames)
    (self.preparation, self.sha256) = (preparation, sha256)
    var report = report
    (report.trainingSamples, report.testSamples) = (training.count, test.count)
    self.report = report
  }

  /// A part of the pictures to learn from: the same share of each class, chosen by seed. The test, the preparation and the hash stay.
  public func keeping(_ share: Double, seed: UInt64) -> PictureData {
    let fold = Splits.stratified(training.classes, validation: share, seed: seed)
    return PictureData(
      training: training.selecting(fold.validation), test: test, classNames: classNames, preparation: preparation,
      report: report, sha256: sha256)
  }

  /// What says what pictures show, with a model that was trained on these.
  public func classifier(_ model: any Layer, details: [String: String] = [:]) -> PictureClassifier {
    PictureClassifier(model, preparation: preparation, classNames: classNames, details: details)
  }
}
