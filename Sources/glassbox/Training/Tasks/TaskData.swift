import Applications
import DataPipelines
import Foundation
import Learning
import NeuralNetworks
import TensorCore

/// A task's data, and what depends on its kind: the learner, what is better, the model's file, the test, the page.
protocol TaskData {
  var description: RunConfiguration.DataDescription { get }
  /// What pictures go through on their way to the network; nil for all else.
  var preparation: PicturePreparation? { get }
  /// The same data in parts, each tested on by a model that learns from the others, before one learns from all; none: no cross-validation.
  var folds: [any TaskData] { get }
  /// The command that uses what the run in this folder ends with.
  func use(_ run: String) -> String
  /// What the better epochs are better at.
  var monitor: Monitor { get }
  /// A learner with fresh weights, or for a run that begins with others', these.
  func learner(_ settings: Settings, isResumed: Bool) throws -> Learner
  /// Writes the model with all that predictions need.
  func save(_ model: any Layer, details: [String: String], to url: URL) throws
  /// What the model makes of the data to test on.
  func outcome(of learner: Learner) throws -> TestOutcome
  /// The page that a run ends with.
  func page(of learner: Learner, title: String, facts: [ResultPage.Fact], input: [ResultPage.InputSummary]) throws
    -> ResultPage
}

extension TaskData {
  var preparation: PicturePreparation? { nil }
  var folds: [any TaskData] { [] }
  func use(_ run: String) -> String { "glassbox predict \(run) INPUT…" }
}

extension Settings {
  /// The data that a run is to learn from.
  ///
  /// - Parameter preparation: That of the run that goes on; nil to find it.
  func loadData(preparation: PicturePreparation? = nil) async throws -> any TaskData {
    switch task {
    case .digits: try PicturesOfTask.digits()
    case .mnist: try await PicturesOfTask.mnist()
    case .images: try PicturesOfTask(data, preparation: preparation, seed: seed)
    case .table: try TableOfTask(data, seed: seed)
    case .sentiment: try await TextsOfTask(self)
    case .text: try await LanguageOfTask(data, recipe)
    case .recommend: try await RatingsOfTask(data, seed: seed)
    }
  }
}

extension Learner {
  /// What it makes of the data to test on.
  var testPredictions: Predictions {
    get throws {
      guard let test = data.validation else { throw ResumeError("there are no data to test on") }
      return try predictions(on: test)
    }
  }
}
