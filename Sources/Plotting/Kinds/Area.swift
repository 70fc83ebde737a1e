import TensorCore

extension Chart {
  /// The area between 0 and y. The areas of several series stand on each other. Stops when the lengths of lists [n]
  /// differ, and on a logarithmic axis, which has no 0.
  ///
  /// ```swift
  /// Chart.area(x: 0..<3, y: [1, 3, 2])  // → area chart with 3 points
  /// ```
  public static func area(x: (any PlotData)? = nil, y: any PlotData, series: [String]? = nil) -> Chart {
    let (x, y) = points("area", x, y, series)
    let mark = Mark(
      kind: "area", style: ["type": "area", "line": true, "fillOpacity": 0.45, "strokeWidth": 2],
      table: Table(["x": x, "y": y], series: series),
      encoding: ["x": .quantity("x"), "y": .quantity("y", ["stack": series == nil ? nil : "zero"])],
      ink: series == nil ? .next(0) : .series, baseline: "y")
    return Chart([mark])
  }

  /// A line through (xᵢ, yᵢ) in a band from `lower` to `upper`: means with their deviations over several runs, say.
  /// Stops when the lengths of lists [n] differ.
  ///
  /// ```swift
  /// let mean = Tensor([1.0, 2.0, 4.0])
  /// let chart = Chart.errorBand(x: 0..<3, y: mean, lower: mean - 0.5, upper: mean + 0.5, name: "reward")
  /// chart  // → error band and line chart with 6 points in 1 series (reward)
  /// ```
  public static func errorBand(
    x: (any PlotData)? = nil, y: any PlotData, lower: any PlotData, upper: any PlotData, name: String? = nil
  ) -> Chart {
    let (x, y) = points("errorBand", x, y)
    let (low, high) = (lower.list("lower", for: "errorBand"), upper.list("upper", for: "errorBand"))
    requireEqualCounts("errorBand", ["y": y.count, "lower": low.count, "upper": high.count])
    let series = name.map { Array(repeating: $0, count: y.count) }
    let band = Mark(
      kind: "error band", style: ["type": "area", "fillOpacity": 0.25],
      table: Table(["x": x, "lower": low, "upper": high], series: series),
      encoding: ["x": .quantity("x"), "y": .quantity("lower"), "y2": ["field": "upper"]],
      ink: series == nil ? .next(0) : .series)
    return Chart([band, .line(x, y, series: series)])
  }
}
