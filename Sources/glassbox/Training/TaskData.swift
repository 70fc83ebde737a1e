import Applications
import DataPipelines
import EvaluationMetrics
import Foundation
import Learning
import NeuralNetworks
import TensorCore
import TensorIO

/// A task's data, and what depends on its kind.
enum TaskData {
  case pictures(PictureData)
  case table(TableTask)

  /// - Parameter preparation: That of the run that goes on; nil to find it.
  static func load(_ settings: Settings, preparation: PicturePreparation? = nil) async throws -> TaskData {
    let choice = settings.data
    switch settings.task {
    case .digits:
      let preparation = PicturePreparation(size: 8, channels: 1, mean: [0.3], standardDeviation: [0.38])
      return .pictures(PictureData(try UCIDigits.load(), preparation: preparation))
    case .mnist:
      let data = try await MNIST.load(progress: { DownloadLine.show($0) })
      DownloadLine.close()
      let preparation = PicturePreparation(size: 28, channels: 1, mean: [0.1307], standardDeviation: [0.3081])
      return .pictures(PictureData(data, preparation: preparation))
    case .table:
      return .table(
        try TableTask(
          URL(filePath: choice.source ?? ""), target: choice.target ?? "", columns: choice.columns,
          test: choice.test.map { URL(filePath: $0) }, kind: choice.kind, onBadInput: choice.onBadInput,
          seed: settings.seed))
    case .images:
      let url = URL(filePath: choice.source ?? "")
      let other = try choice.pretrained.map { try PretrainedModel(URL(filePath: $0)).preparation }
      let data = try PictureData(
        url, size: choice.size.map { Size2D($0, $0) }, preparation: preparation ?? other,
        onBadInput: choice.onBadInput, seed: settings.seed)
      return .pictures(choice.labels.map { data.keeping($0, seed: settings.seed) } ?? data)
    }
  }

  var description: RunConfiguration.DataDescription {
    switch self {
    case .pictures(let data):
      RunConfiguration.DataDescription(
        trainingSamples: data.training.count, testSamples: data.test.count, sha256: data.sha256, report: data.report)
    case .table(let task):
      RunConfiguration.DataDescription(
        trainingSamples: task.training.rowCount, testSamples: task.test.rowCount, sha256: task.sha256,
        report: task.report)
    }
  }

  var preparation: PicturePreparation? {
    switch self {
    case .pictures(let data): data.preparation
    case .table: nil
    }
  }

  /// What the better epochs are better at.
  var monitor: Monitor {
    switch self {
    case .table(let task) where task.preparation.classNames.isEmpty: .highest("R²")
    case .pictures, .table: .highest("accuracy")
    }
  }

  /// A learner with fresh weights, or for a run that begins with others', these.
  func learner(_ settings: Settings, isResumed: Bool) throws -> Learner {
    switch self {
    case .pictures(let data):
      let learner = settings.recipe.learner(for: data, network: settings.model ?? .resnet, seed: settings.seed)
      if let path = settings.data.pretrained, !isResumed {
        try PretrainedModel(URL(filePath: path)).load(into: learner.model)
      }
      return learner
    case .table(let task): return settings.recipe.learner(for: task, seed: settings.seed)
    }
  }

  /// Writes the model with all that predictions need.
  func save(_ model: any Layer, details: [String: String], to url: URL) throws {
    switch self {
    case .pictures(let data): try data.classifier(model, details: details).save(to: url)
    case .table(let task): try task.predictor(model, details: details).save(to: url)
    }
  }

  /// What the model makes of the data to test on.
  func outcome(of learner: Learner) throws -> TestOutcome {
    guard let validation = learner.data.validation else { return TestOutcome(figures: [], confusion: nil, names: []) }
    let predictions = try learner.predictions(on: validation)
    switch self {
    case .pictures(let data): return try TestOutcome(predictions, names: data.classNames)
    case .table(let task) where task.preparation.classNames.isEmpty:
      return try TestOutcome(predictions, scaledBy: task.preparation)
    case .table(let task):
      return try TestOutcome(predictions, names: task.preparation.classNames, metrics: [ROCAUC()])
    }
  }
}
