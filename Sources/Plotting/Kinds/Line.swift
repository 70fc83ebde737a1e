import NotebookDisplay

extension Chart {
  /// Points (xᵢ, yᵢ) joined in their order; x is 0, 1, … if it is not given. Numbers that are not finite leave gaps.
  /// Stops when the lengths of lists [n] differ.
  ///
  /// - Parameters:
  ///   - name: What the legend calls the line.
  ///   - hasPoints: Whether each point is marked.
  ///   - isDashed: Whether the line is broken.
  ///
  /// ```swift
  /// Chart.line(x: [1, 2, 4], y: [0.9, 0.5, 0.3], name: "loss")  // → line chart with 3 points in 1 series (loss)
  /// ```
  public static func line(
    x: (any PlotData)? = nil, y: any PlotData, name: String? = nil, hasPoints: Bool = false, isDashed: Bool = false
  ) -> Chart {
    let (x, y) = points("line", x, y)
    return Chart([.line(x, y, series: name.map { Array(repeating: $0, count: y.count) }, hasPoints, isDashed)])
  }

  /// Points joined to one line for each name in `series`, which has one for each point.
  ///
  /// ```swift
  /// Chart.line(x: [0, 1, 0, 1], y: [1, 2, 3, 3], series: ["a", "a", "b", "b"])  // → line chart with 4 points in 2 series (a, b)
  /// ```
  public static func line(
    x: any PlotData, y: any PlotData, series: [String], hasPoints: Bool = false, isDashed: Bool = false
  ) -> Chart {
    let (x, y) = points("line", x, y, series)
    return Chart([.line(x, y, series: series, hasPoints, isDashed)])
  }

  /// A line for each name, all over the same x, or over 0, 1, … each.
  ///
  /// ```swift
  /// Chart.lines(["training": [2.3, 0.9], "test": [2.2, 1.1]])  // → line chart with 4 points in 2 series (training, test)
  /// ```
  public static func lines(
    x: (any PlotData)? = nil, _ lines: KeyValuePairs<String, any PlotData>, hasPoints: Bool = false
  ) -> Chart {
    layered(lines.map { line(x: x, y: $1, name: $0, hasPoints: hasPoints) })
  }

  /// Two lists of one length; 0, 1, … where there is no x.
  static func points(
    _ chart: String, _ x: (any PlotData)?, _ y: any PlotData, _ series: [String]? = nil
  ) -> ([Double], [Double]) {
    let y = y.list("y", for: chart)
    let x = x?.list("x", for: chart) ?? y.indices.map(Double.init)
    requireEqualCounts(chart, ["x": x.count, "y": y.count, "series": series?.count])
    return (x, y)
  }
}

extension Mark {
  static func line(
    _ x: [Double], _ y: [Double], series: [String]?, _ hasPoints: Bool = false, _ isDashed: Bool = false
  ) -> Mark {
    // The transparent points are what a pointer finds; too many would weigh the chart down.
    let visible: JSON = ["filled": true, "size": 36]
    var style: JSON = [
      "type": "line", "strokeWidth": 2, "point": hasPoints ? visible : y.count <= 300 ? "transparent" : false,
    ]
    if isDashed { style["strokeDash"] = [6, 4] }
    var table = Table(["x": x, "y": y], series: series)
    // Vega-Lite would join the points from left to right.
    table.columns["order"] = y.indices.map { .integer($0) }
    return Mark(
      kind: "line", style: style, table: table,
      encoding: ["x": .quantity("x"), "y": .quantity("y"), "order": .quantity("order")],
      ink: series == nil ? .next(0) : .series)
  }
}
