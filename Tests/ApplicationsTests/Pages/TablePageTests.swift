import Applications
import DataPipelines
import EvaluationMetrics
import Foundation
import Learning
import NeuralNetworks
import Tables
import TensorCore
import Testing

@Suite("A page of a table")
struct TablePageTests {
  private func plots(_ page: ResultPage, _ section: String) -> [ResultPage.Plot] {
    let blocks = page.sections.first { $0.title == section }?.blocks ?? []
    return blocks.flatMap { block -> [ResultPage.Plot] in
      if case .plots(let plots) = block { plots } else { [] }
    }
  }

  private func page(scores: [Double], _ targets: [Int]) throws -> ResultPage {
    let table = Table([
      Column("x", numbers: scores), Column("y", categories: targets.map { $0 == 1 ? "yes" : "no" }),
    ])
    let logits = Tensor(scores.flatMap { [0, $0] }, shape: [scores.count, 2], dtype: .float64)
    return ResultPage.table(
      title: "Scores", outputs: logits, targets: Tensor(targets), rows: table,
      preparation: try TablePreparation(PreparationPlan(target: "y"), fitting: table))
  }

  // The example of scikit-learn's `roc_curve` and `roc_auc_score`.
  @Test("draws the ROC curve that scikit-learn computes")
  func curve() throws {
    let page = try page(scores: [0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    let points = try #require(plots(page, "Probabilities").first?.series.first?.points)
    #expect(points.map(\.x) == [0, 0, 0.5, 0.5, 1])
    #expect(points.map(\.y) == [0, 0.5, 0.5, 1, 1])
    #expect(page.figures.first { $0.name == "ROC AUC" }?.value == 0.75)
  }

  @Test("gives an area under the curve that is the one of ranks, also for equal scores")
  func area() throws {
    let generator = RandomGenerator(seed: 5)
    let scores = (Tensor.normal([200], using: generator) * 3).round().scalars(as: Double.self)
    let noise = Tensor.normal([200], using: generator).scalars(as: Double.self)
    let page = try page(scores: scores, zip(scores, noise).map { $0 + 2 * $1 > 0 ? 1 : 0 })
    let points = try #require(plots(page, "Probabilities").first?.series.first?.points)
    let area = zip(points, points.dropFirst()).reduce(0) { $0 + ($1.1.x - $1.0.x) * ($1.1.y + $1.0.y) / 2 }
    let auc = try #require(page.figures.first { $0.name == "ROC AUC" }?.value)
    #expect(abs(area - auc) < 1e-12)
  }

  @Test("says how often predictions of each probability are right")
  func calibration() throws {
    // Logits of 0.8 and 0.95; of five and four samples, four and four are right.
    let (weak, strong) = (log(0.8 / 0.2), log(0.95 / 0.05))
    let page = try page(
      scores: [weak, weak, weak, weak, weak, strong, strong, strong, strong], [1, 1, 1, 1, 0, 1, 1, 1, 1])
    let points = try #require(plots(page, "Probabilities").last?.series.first?.points)
    #expect(points.count == 2)
    #expect(abs(points[0].x - 0.8) < 1e-9 && abs(points[0].y - 0.8) < 1e-9)
    #expect(abs(points[1].x - 0.95) < 1e-9 && points[1].y == 1)
    // 4/9 · 0.05
    #expect(plots(page, "Probabilities").last?.series.first?.note == "2.22 %")
  }

  @Test("shows the most confidently wrong rows first, with their values")
  func wrongRows() throws {
    let page = try ParsedPage(page(scores: [3, -1, 2, -4], [0, 1, 1, 0]))
    let rows = try page.elements("//section[h2='Most wrong']//tbody/tr").map { row in
      try row.nodes(forXPath: "td").map { $0.stringValue ?? "" }
    }
    #expect(rows == [["1", "no", "yes", "95.26 %", "3"], ["2", "yes", "no", "73.11 %", "-1"]])
  }

  @Test("says of a learner of numbers what the metrics say, in the target's unit")
  func regression() throws {
    let x = (0..<60).map { Double($0) / 10 }
    let table = Table([
      Column("x", numbers: x), Column("kind", categories: x.map { $0 < 3 ? "a" : "b" }),
      Column("price", numbers: x.map { 100 + 20 * $0 + 5 * sin(9 * $0) }),
    ])
    var plan = PreparationPlan(target: "price")
    plan.targetScaling = .standard
    let preparation = try TablePreparation(plan, fitting: table)
    let set = try preparation.data(of: table).dataset
    let learner = Learner(
      Linear(2, 1, using: RandomGenerator(seed: 2)), DataLoaders(training: DataLoader(set, batchSize: 20)),
      loss: { mseLoss($0, $1) })
    try learner.fit(epochs: 3, learningRate: 0.1)
    let strange = Table([
      Column("x", numbers: x + [1]), Column("kind", categories: x.map { $0 < 3 ? "a" : "b" } + ["<new>"]),
      Column("price", numbers: x.map { 100 + 20 * $0 + 5 * sin(9 * $0) } + [120]),
    ])
    let page = try ResultPage.table(
      of: learner, on: strange, preparation: preparation, aims: ["R²": 2], input: [])

    let inputs = try preparation.data(of: strange)
    let predicted = preparation.values(of: learner.predict(inputs.inputs.packed))
    let errors = zip(predicted, strange["price"].numbers).map { $0 - $1 }
    let rmse = (errors.reduce(0) { $0 + $1 * $1 } / 61).squareRoot()
    let figure = try #require(page.figures.first { $0.name == "RMSE" })
    #expect(abs(figure.value - rmse) < 1e-4 * rmse)
    #expect(page.figures.first { $0.name == "R²" }?.isReached == false)
    // The histogram counts every row once.
    #expect(plots(page, "Errors").last?.series[0].points.reduce(0) { $0 + $1.y } == 61)

    let parsed = try ParsedPage(page)
    #expect(
      try parsed.texts("//h2") == ["Training", "Errors", "What the model goes by", "Most wrong", "What was read"])
    #expect(try Set(parsed.texts("//table[@class='bars']//th")) == ["x", "kind"])
    #expect(try parsed.texts("//section[h2='What was read']//td").contains("\"<new>\" is unknown, 1 times"))
    #expect(parsed.html.contains("&lt;new&gt;"))
  }
}
