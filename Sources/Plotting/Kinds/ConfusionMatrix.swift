import NotebookDisplay
import TensorCore

extension Chart {
  /// How often each class (a row) was taken for each class (a column): the numbers, over colours that show what share of
  /// its row each is. `counts` is [classes, classes]. Stops when it is no square, or the names are not one for each class.
  ///
  /// ```swift
  /// let chart = Chart.confusionMatrix([[50, 2], [4, 44]], names: ["cat", "dog"])
  /// chart  // → confusion matrix chart with 4 points; y: true class, x: predicted class
  /// ```
  public static func confusionMatrix(_ counts: any PlotData, names: [String]? = nil) -> Chart {
    let rows = counts.table("counts", for: "confusionMatrix")
    let names = names ?? rows.indices.map(String.init)
    guard rows.count == rows[0].count, names.count == rows.count else {
      stop(
        "confusionMatrix", "\(rows.count) rows of \(rows[0].count) counts, with \(names.count) names",
        fix: "give a row, a column and a name for each class")
    }
    let cells = rows.enumerated().flatMap { row, counts in
      let total = max(counts.reduce(0, +), 1)
      return counts.enumerated().map { (label: row, prediction: $0, count: $1, share: $1 / total) }
    }
    var table = Table(["count": cells.map(\.count), "share": cells.map(\.share)])
    table.columns["label"] = cells.map { .string(names[$0.label]) }
    table.columns["prediction"] = cells.map { .string(names[$0.prediction]) }
    let places: JSON = [
      "x": .category("prediction", ["axis": ["labelAngle": 0, "grid": false], "scale": ["paddingInner": 0]]),
      "y": .category("label", ["axis": ["grid": false], "scale": ["paddingInner": 0]]),
      "tooltip": [
        .category("label", ["title": "true class"]), .category("prediction", ["title": "predicted class"]),
        .quantity("count", ["title": "count"]),
        .quantity("share", ["title": "share of the true class", "format": ".1%"]),
      ],
    ]
    let scale: JSON = ["scheme": .string(Colors.counts.rawValue), "domain": [0, 1]]
    let color: JSON = ["color": .quantity("share", ["scale": scale, "legend": nil])]
    // White where the cell is dark, whatever the theme.
    let text: JSON = [
      "text": ["field": "count", "type": "quantitative"],
      "color": ["condition": ["test": "datum.share > 0.5", "value": "#FFFFFF"], "value": "#1F2328", "legend": nil],
    ]
    let cell = max(24, min(400 / rows.count, 56))
    return Chart([
      Mark(kind: "confusion matrix", style: ["type": "rect"], table: table, encoding: places.merging(color), ink: .own),
      Mark(kind: "count", style: Mark.textStyle, table: table, encoding: places.merging(text), ink: .text),
    ]).changed {
      ($0.x.title, $0.y.title) = ("predicted class", "true class")
      ($0.width, $0.height) = (cell * rows.count, cell * rows.count)
    }
  }
}
