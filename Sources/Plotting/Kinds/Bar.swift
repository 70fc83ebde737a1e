import NotebookDisplay
import TensorCore

extension Chart {
  /// A bar from 0 to each value, in the order given; bars of one category stand beside each other, one for each series.
  /// Stops when the lengths of the lists [n] differ, and on a logarithmic axis, which has no 0.
  ///
  /// ```swift
  /// Chart.bar(["SGD", "Adam"], [0.91, 0.94])  // → bar chart with 2 points
  /// Chart.bar(["a", "a", "b", "b"], [1, 2, 3, 4], series: ["x", "y", "x", "y"])  // → bar chart with 4 points in 2 series (x, y)
  /// ```
  public static func bar(
    _ categories: [String], _ values: any PlotData, series: [String]? = nil, isHorizontal: Bool = false
  ) -> Chart {
    let values = values.list("values", for: "bar")
    requireEqualCounts("bar", ["categories": categories.count, "values": values.count, "series": series?.count])
    var table = Table(["value": values], series: series)
    table.columns["category"] = categories.map { .string($0) }
    // Names go upright only where they don't fit side by side.
    let longest = categories.map(\.count).max() ?? 0
    let isWide = !isHorizontal && longest * Set(categories).count > 50
    let category: JSON = .category(
      "category", ["axis": ["labelAngle": isWide ? -40 : 0, "labelLimit": 200, "grid": false]])
    let (along, across) = isHorizontal ? ("x", "y") : ("y", "x")
    var encoding = JSON.object([along: .quantity("value"), across: category])
    if let series {
      var seen: Set<String> = []
      let names = series.filter { seen.insert($0).inserted }
      encoding[across + "Offset"] = ["field": "series", "type": "nominal", "sort": .array(names.map { .string($0) })]
    }
    return Chart([
      Mark(
        kind: "bar", style: ["type": "bar"], table: table, encoding: encoding,
        ink: series == nil ? .next(0) : .series, baseline: along)
    ])
  }
}
