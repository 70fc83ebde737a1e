import EvaluationMetrics
import Learning

/// What stands in `result.json`.
struct RunResult: Codable {
  let testAccuracy: Double
  let testLoss: Double
  let testSamples: Int
  /// The best of all epochs: its weights are in best.safetensors.
  let bestAccuracy: Double
  let bestEpoch: Int
  let epochs: Int
  let steps: Int
  /// Spent in training, without the tests between.
  let seconds: Double
  /// Of the final weights: two runs that went the same way have the same.
  let weightsSha256: String
  let classes: [ClassResult]
  /// Rows: true classes; columns: predicted ones.
  let confusion: [[Int]]

  struct ClassResult: Codable {
    let name: String
    let scores: ClassScores
  }

  init(_ evaluation: Evaluation, _ position: TrainingPosition, names: [String], weights: String) {
    testAccuracy = evaluation.accuracy
    testLoss = evaluation.loss
    testSamples = evaluation.confusion.samples
    let best = position.history.best(by: .highest("accuracy"))
    bestAccuracy = best?.value ?? evaluation.accuracy
    bestEpoch = best?.epoch ?? position.epoch
    epochs = position.epoch
    steps = position.step
    seconds = position.history.reduce(0) { $0 + $1.seconds }
    weightsSha256 = weights
    classes = names.enumerated().map { ClassResult(name: $1, scores: evaluation.confusion.scores(of: $0)) }
    confusion = evaluation.confusion.counts
  }
}
