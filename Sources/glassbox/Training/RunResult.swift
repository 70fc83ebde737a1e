import EvaluationMetrics
import Learning

/// What stands in `result.json`.
struct RunResult: Codable {
  /// On the data to test on, by name: `accuracy`, `loss`, …
  let figures: [String: Double]
  let testSamples: Int
  /// The best of all epochs: its weights are in best.safetensors.
  let best: Best?
  let epochs: Int
  let steps: Int
  /// Spent in training, without the tests between.
  let seconds: Double
  /// Of the final weights: two runs that went the same way have the same.
  let weightsSha256: String
  /// Of classifiers.
  let classes: [ClassResult]?
  /// Rows: true classes; columns: predicted ones.
  let confusion: [[Int]]?

  struct Best: Codable {
    let figure: String
    let value: Double
    let epoch: Int
  }

  struct ClassResult: Codable {
    let name: String
    let scores: ClassScores
  }

  init(_ outcome: TestOutcome, _ position: TrainingPosition, _ monitor: Monitor, testSamples: Int, weights: String) {
    figures = Dictionary(outcome.figures) { first, _ in first }
    self.testSamples = testSamples
    best = position.history.best(by: monitor).map { Best(figure: monitor.name, value: $0.value, epoch: $0.epoch) }
    epochs = position.epoch
    steps = position.step
    seconds = position.history.reduce(0) { $0 + $1.seconds }
    weightsSha256 = weights
    let matrix = outcome.confusion
    classes = matrix.map { matrix in
      outcome.names.enumerated().map { ClassResult(name: $1, scores: matrix.scores(of: $0)) }
    }
    confusion = matrix?.counts
  }
}
