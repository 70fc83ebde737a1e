import TensorCore

extension Chart {
  /// Which class a classifier gives to each place of the plane, under points with the colours of their true classes.
  ///
  /// - Parameters:
  ///   - points: What is shown over the map, [n, 2].
  ///   - labels: Their classes, [n].
  ///   - names: A name for each class.
  ///   - resolution: How many places are asked along each axis.
  ///   - classify: Gets places, float32 [n, 2], and returns classes [n] or scores [n, classes], of which the greatest counts.
  ///
  /// Stops when the shapes are others.
  ///
  /// ```swift
  /// let chart = Chart.decisionBoundary(points: [[-1.0, 0.0], [1.0, 0.0]], labels: [0, 1], resolution: 8) { places in
  ///   (places[.all, 0] .> 0).cast(to: .int64)
  /// }
  /// chart  // → decision boundary and scatter chart with 18 points in 2 series (0, 1)
  /// ```
  public static func decisionBoundary(
    points: any PlotData, labels: any PlotData, names: [String]? = nil, resolution: Int = 100,
    classify: (Tensor) -> Tensor
  ) -> Chart {
    let rows = points.table("points", for: "decisionBoundary")
    let labels = classNumbers(labels, "decisionBoundary")
    guard rows[0].count == 2, labels.count == rows.count, resolution > 1 else {
      stop(
        "decisionBoundary",
        "points are [\(rows.count), \(rows[0].count)], with \(labels.count) labels, at a resolution of \(resolution)",
        fix: "give points [n, 2], labels [n] and a resolution of 2 or more")
    }
    let (x, y) = (margined(rows.map { $0[0] }), margined(rows.map { $0[1] }))
    let classes = classesOnGrid(x, y, resolution, classify)
    let names = classNames(classes + labels, names, "decisionBoundary")

    // Neighbours of one class in a row are one rectangle: some hundreds instead of ten thousand.
    let grid = CellGrid(rows: resolution, columns: resolution, x: x, y: y)
    var runs: [(row: Int, columns: Range<Int>)] = []
    for row in 0..<resolution {
      var start = 0
      for column in 1...resolution
      where column == resolution || classes[row * resolution + column] != classes[row * resolution + start] {
        runs.append((row, start..<column))
        start = column
      }
    }
    // By class, so that the legend goes by class too.
    runs.sort {
      (classes[$0.row * resolution + $0.columns.lowerBound], $0.row, $0.columns.lowerBound)
        < (classes[$1.row * resolution + $1.columns.lowerBound], $1.row, $1.columns.lowerBound)
    }
    var table = grid.table(runs)
    table.columns["series"] = runs.map { .string(names[classes[$0.row * resolution + $0.columns.lowerBound]]) }
    let map = Mark(
      kind: "decision boundary", style: ["type": "rect", "opacity": 0.3], table: table, encoding: CellGrid.encoding,
      ink: .series)
    var dots = scatter(x: rows.map { $0[0] }, y: rows.map { $0[1] }, classes: labels, names: names)
    dots.content = .layers(
      dots.marks.map { mark in
        var mark = mark
        mark.style = mark.style.merging(["opacity": 1, "stroke": "#FFFFFF", "strokeWidth": 0.8])
        return mark
      })
    return layered([Chart([map]), dots]).changed {
      grid.fit(&$0)
      ($0.x.range, $0.y.range) = (x, y)
    }
  }

  /// The range of the finite values, a tenth wider at each end.
  private static func margined(_ values: [Double]) -> ClosedRange<Double> {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else {
      stop("decisionBoundary", "no point has finite places", fix: "look for NaN in the points")
    }
    let margin = high > low ? (high - low) / 10 : 1
    return (low - margin)...(high + margin)
  }

  /// The classes at the middles of the grid's cells, row by row.
  private static func classesOnGrid(
    _ x: ClosedRange<Double>, _ y: ClosedRange<Double>, _ count: Int, _ classify: (Tensor) -> Tensor
  ) -> [Int] {
    func middles(_ range: ClosedRange<Double>) -> Tensor {
      let half = (range.upperBound - range.lowerBound) / Double(2 * count)
      return Tensor.linspace(range.lowerBound + half, range.upperBound - half, count: count)
    }
    let places = Tensor.stacked(
      [
        middles(x).reshaped([1, count]).expanded(to: [count, count]),
        middles(y).reshaped([count, 1]).expanded(to: [count, count]),
      ], axis: 2
    ).reshaped([count * count, 2])
    let answer = withoutGradients { classify(places) }
    guard answer.rank > 0, answer.shape[0] == count * count, answer.rank <= 2 else {
      stop(
        "decisionBoundary", "the classifier made \(answer.shape) of [\(count * count), 2]",
        fix: "return classes [n] or scores [n, classes]")
    }
    return classNumbers(answer.rank == 2 ? answer.argmax(axis: 1) : answer, "decisionBoundary")
  }
}
