import ClassicML
import NotebookDisplay
import TensorCore

// Predicted numbers beside true ones.
extension Chart {
  /// What was predicted over what is true: good predictions are near the diagonal. Stops when the lengths of lists [n] differ.
  ///
  /// ```swift
  /// Chart.predictions([1.1, 1.9, 3.2], truth: [1, 2, 3])  // → scatter chart with 3 points; y: predicted, x: true
  /// ```
  public static func predictions(_ predicted: any PlotData, truth: any PlotData) -> Chart {
    let (x, y) = points("predictions", truth, predicted)
    let finite = (x + y).filter(\.isFinite)
    return layered([diagonal(finite.min() ?? 0, finite.max() ?? 1), scatter(x: x, y: y)]).x("true").y("predicted")
      .sized(width: 320, height: 320)
  }

  /// What predictions lack, y − ŷ, over what was predicted: a pattern is something that the model has not learned.
  ///
  /// Stops when the lengths of lists [n] differ.
  ///
  /// ```swift
  /// Chart.residuals([1.1, 1.9, 3.2], truth: [1, 2, 3])  // → scatter chart with 3 points; y: true − predicted, x: predicted
  /// ```
  public static func residuals(_ predicted: any PlotData, truth: any PlotData) -> Chart {
    let (y, p) = points("residuals", truth, predicted)
    return layered([scatter(x: p, y: zip(y, p).map { $0 - $1 }), .rule(y: 0)]).x("predicted").y("true − predicted")
  }

  /// The share of the variance that each component explains, as bars, and that of all up to it, as a line.
  ///
  /// ```swift
  /// Chart.explainedVariance([0.7, 0.2, 0.05])  // → bar and line chart with 6 points; y: share of the variance, x: component
  /// ```
  public static func explainedVariance(_ ratios: any PlotData) -> Chart {
    let ratios = ratios.list("ratios", for: "explainedVariance")
    let numbers = ratios.indices.map { Double($0 + 1) }
    var sum = 0.0
    let sums = ratios.map { ratio in
      sum += ratio
      return sum
    }
    let table = Table([
      "x": numbers.map { $0 - 0.4 }, "x2": numbers.map { $0 + 0.4 }, "y": ratios, "y2": ratios.map { _ in 0 },
    ])
    let bars = Mark(
      kind: "bar", style: ["type": "rect", "opacity": 0.7], table: table,
      encoding: [
        "x": .quantity("x"), "x2": ["field": "x2"], "y": .quantity("y"), "y2": ["field": "y2"],
      ], ink: .next(0))
    return layered([Chart([bars]), line(x: numbers, y: sums, hasPoints: ratios.count <= 40)]).x("component").y(
      "share of the variance")
  }

  /// A thin broken line along which both axes agree.
  static func diagonal(_ from: Double, _ to: Double) -> Chart {
    var mark = Mark.line([from, to], [from, to], series: nil, false, true)
    mark.ink = .text
    mark.style = mark.style.merging(["strokeWidth": 1])
    return Chart([mark])
  }
}
