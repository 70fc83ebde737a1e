import ClassicML
import EvaluationMetrics
import Foundation
import Plotting
import TensorCore
import Testing

extension SampleCharts {
  /// Of classic machine learning.
  static let estimators: [String: Chart] = {
    var charts: [String: Chart] = [:]
    charts["roc"] = Chart.rocCurves(truth: truth, ["trees": scores(2), "neighbours": scores(1)])
    charts["precision-recall"] = Chart.precisionRecallCurves(
      truth: truth, ["trees": scores(2), "neighbours": scores(1)])
    let likely = Tensor(scores(2).map { 1 / (1 + exp(-2 * ($0 - 1))) })
    if let curve = try? CalibrationCurve(likely, Tensor(truth)) {
      charts["calibration"] = Chart.calibrationCurves(["trees": curve])
    }
    let x = Tensor(normals(600)).reshaped([300, 2])
    let y = x[.all, 0] * 3 + Tensor(normals(300, seed: 5))
    if let curve = try? learningCurve(LinearRegression(), x, y, shares: [0.05, 0.1, 0.3, 0.6, 1]) {
      charts["learning-curve"] = Chart.scores(curve)
    }
    let chain = StandardScaler().then(LinearRegression())
    let rates: [LinearRegression.Solver] = [0.001, 0.01, 0.1].map { .gradientDescent(rate: $0, steps: 50) }
    let search = GridSearch(chain, vary(\.last.solver, rates), vary(\.last.fitsIntercept, [true, false]))
    if let fitted = try? search.fit(x + 1, y), let predicted = try? fitted.predict(x + 1) {
      charts["search"] = Chart.search(fitted.results, x: "last.solver", y: "last.fitsIntercept")
      charts["predictions"] = Chart.predictions(predicted, truth: y)
      charts["residuals"] = Chart.residuals(predicted, truth: y)
    }
    charts["explained-variance"] = Chart.explainedVariance([0.41, 0.22, 0.13, 0.08, 0.05, 0.04, 0.03])
    charts["dendrogram"] = Chart.dendrogram(
      merges: [[0, 1], [2, 3], [4, 5], [6, 8], [7, 9]], heights: [0.5, 0.8, 1, 2.2, 4],
      names: ["ape", "gibbon", "cat", "lion", "man", "wolf"])
    charts["regions"] = try? Chart.decisionRegions(of: Sides(), x, Sides().predict(x), names: ["left", "right"])
    return charts
  }()

  static let truth = (0..<200).map { $0 % 2 }

  static func scores(_ distance: Double) -> [Double] {
    zip(truth, normals(200, seed: UInt64(distance))).map { Double($0) * distance + $1 }
  }
}

/// Tells places apart by a parabola.
struct Sides: FittedClassifier {
  var classes: [Int] { [3, 7] }

  func predict(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
    guard let x = x as? Tensor else { throw .input("x", of: "Sides", expected: "a tensor", found: "another matrix") }
    return ((x[.all, 0] + x[.all, 1].square() * 0.3) .> 0.2).cast(to: .int64) * 4 + 3
  }
}

@Suite("A chart of an estimator")
struct EstimatorChartTests {
  @Test("is there for each kind")
  func all() {
    #expect(SampleCharts.estimators.count == 10)
  }

  @Test("tells the metrics' areas", arguments: [1.0, 2.0])
  func areas(_ distance: Double) throws {
    // Rounded, so that there are ties.
    let scores = SampleCharts.scores(distance).map { ($0 * 4).rounded() / 4 }
    var (area, precision) = (ROCAUC(from: .probabilities), AveragePrecision(from: .probabilities))
    let (predictions, targets) = (Tensor(scores, dtype: .float64), Tensor(SampleCharts.truth))
    try area.add(predictions: predictions, targets: targets)
    try precision.add(predictions: predictions, targets: targets)
    func shown(_ chart: Chart) throws -> Double {
      let match = try #require(try /\(one, ([0-9.]+)\)/.firstMatch(in: chart.description))
      return try #require(Double(match.output.1))
    }
    let roc = Chart.rocCurves(truth: SampleCharts.truth, ["one": scores])
    #expect(abs(try shown(roc) - area.value) <= 0.000501)
    let recall = Chart.precisionRecallCurves(truth: SampleCharts.truth, ["one": scores])
    #expect(abs(try shown(recall) - precision.value) <= 0.000501)
    let curve = try Drawn(roc).layers[1]
    #expect(curve.numbers("x").first == 0 && curve.numbers("y").last == 1 && curve.numbers("x").last == 1)
    #expect(curve.numbers("x") == curve.numbers("x").sorted() && curve.numbers("y") == curve.numbers("y").sorted())
  }

  @Test("joins groups in the middle of what they are made of, without crossing")
  func dendrogram() throws {
    let drawn = try Drawn(Chart.dendrogram(merges: [[0, 2], [3, 1]], heights: [1, 3])).layers[0]
    // Samples from left to right: 0, 2, 1.
    #expect(drawn.numbers("x") == [0, 0, 1, 1, 0.5, 0.5, 2, 2])
    #expect(drawn.numbers("y") == [0, 1, 1, 0, 1, 3, 3, 0])
  }

  @Test("shows the best mean score of each pair of values")
  func search() throws {
    let x = Tensor(SampleCharts.normals(60)).reshaped([30, 2])
    let chain = StandardScaler().then(LinearRegression())
    let search = GridSearch(
      chain, vary(\.first.centres, [true, false]), vary(\.last.fitsIntercept, [true, false]),
      vary(\.first.scales, [true, false]))
    let fitted = try search.fit(x, x[.all, 0] + 5)
    let cells = try Drawn(Chart.search(fitted.results, x: "first.centres", y: "last.fitsIntercept")).layers[0]
    #expect(cells.rows.count == 4)
    #expect(cells.numbers("score").max() == fitted.bestResult.mean)
  }

  @Test("counts what a classifier took for what, and refuses classes that it has not")
  func confusion() throws {
    let x = Tensor([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]], dtype: .float64)
    let chart = try Chart.confusionMatrix(of: Sides(), x, Tensor([3, 3, 7]))
    #expect(try Drawn(chart).layers[0].numbers("count") == [1, 1, 0, 1])
    #expect(throws: EstimatorError.self) { try Chart.confusionMatrix(of: Sides(), x, Tensor([3, 3, 8])) }
    #expect(throws: EstimatorError.self) { try Chart.decisionRegions(of: Sides(), x, Tensor([1, 3, 7])) }

  }

  @Test("of ranks refuses samples of one class")
  func mistakes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Chart.rocCurves(truth: [1, 1], ["one": [0.2, 0.3]])
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("rocCurves: all samples are of one class"))
  }
}
