import Applications
import DataPipelines
import Foundation
import Learning
import Models
import NeuralNetworks
import TensorCore

/// Pictures in classes.
struct PicturesOfTask: TaskData {
  private let data: PictureData

  static func digits() throws -> PicturesOfTask {
    let preparation = PicturePreparation(size: 8, channels: 1, mean: [0.3], standardDeviation: [0.38])
    return PicturesOfTask(data: PictureData(try UCIDigits.load(), preparation: preparation))
  }

  static func mnist() async throws -> PicturesOfTask {
    let data = try await MNIST.load(progress: { DownloadLine.show($0) })
    DownloadLine.close()
    let preparation = PicturePreparation(size: 28, channels: 1, mean: [0.1307], standardDeviation: [0.3081])
    return PicturesOfTask(data: PictureData(data, preparation: preparation))
  }

  private init(data: PictureData) { self.data = data }

  /// Those of a folder.
  init(_ choice: Settings.DataChoice, preparation: PicturePreparation?, seed: UInt64) throws {
    let other = try choice.pretrained.map { try PretrainedModel(URL(filePath: $0)).preparation }
    let data = try PictureData(
      URL(filePath: try Settings.required(choice.source, "data.source")), size: choice.size.map { Size2D($0, $0) },
      preparation: preparation ?? other,
      onBadInput: choice.onBadInput, seed: seed)
    self.data = choice.labels.map { data.keeping($0, seed: seed) } ?? data
  }

  var description: RunConfiguration.DataDescription {
    RunConfiguration.DataDescription(
      trainingSamples: data.training.count, testSamples: data.test.count, sha256: data.sha256, report: data.report)
  }

  var preparation: PicturePreparation? { data.preparation }

  var monitor: Monitor { .highest("accuracy") }

  func learner(_ settings: Settings, isResumed: Bool) throws -> Learner {
    let network = try Settings.required(settings.model?.ofPictures, "a network for pictures")
    let learner = settings.recipe.learner(for: data, network: network, seed: settings.seed)
    if let path = settings.data.pretrained, !isResumed {
      try PretrainedModel(URL(filePath: path)).load(into: learner.model)
    }
    return learner
  }

  func save(_ model: any Layer, details: [String: String], to url: URL) throws {
    try data.classifier(model, details: details).save(to: url)
  }

  func outcome(of learner: Learner) throws -> TestOutcome {
    try TestOutcome(try learner.testPredictions, names: data.classNames)
  }

  func page(
    of learner: Learner, title: String, facts: [ResultPage.Fact], input: [ResultPage.InputSummary]
  ) throws -> ResultPage {
    // Where the last maps with places are made.
    let place = (learner.model as? any StagedClassifier)?.stages.last?.last
    return try .pictures(
      of: learner, on: data.test, classNames: data.classNames, preparation: [data.preparation.normalization],
      gradCAM: place, title: title, facts: facts,
      label: { data.test.files.isEmpty ? nil : data.test.files[$0].lastPathComponent }, input: input)
  }
}
