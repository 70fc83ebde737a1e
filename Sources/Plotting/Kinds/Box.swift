import TensorCore

extension Chart {
  /// For each group a box from the first to the third quartile with the median in it, whiskers to the furthest numbers
  /// within 1.5 times its length, and points for those beyond: Tukey, "Exploratory Data Analysis" (1977). Numbers that are
  /// not finite are left out.
  ///
  /// ```swift
  /// Chart.box(["SGD": [0.91, 0.92, 0.9], "Adam": [0.94, 0.93, 0.95]])  // → box chart with 6 points in 2 series (SGD, Adam)
  /// ```
  public static func box(_ groups: KeyValuePairs<String, any PlotData>) -> Chart {
    if groups.isEmpty { stop("box", "there are no groups", fix: "give at least one") }
    let rows = groups.flatMap { name, values in
      values.list("group \"\(name)\"", for: "box").filter(\.isFinite).map { (name, $0) }
    }
    let mark = Mark(
      kind: "box",
      style: [
        "type": "boxplot", "size": 36, "median": ["color": "#FFFFFF", "strokeWidth": 2], "ticks": ["size": 14],
        "outliers": ["filled": true, "size": 24],
      ],
      table: Table(["value": rows.map(\.1)], series: rows.map(\.0)),
      encoding: [
        "x": .category("series", ["axis": ["labelAngle": 0, "grid": false]]), "y": .quantity("value"),
        "color": ["legend": nil],
        // What Vega-Lite says by itself: the five numbers.
        "tooltip": .null,
      ],
      ink: .series)
    return Chart([mark])
  }
}
