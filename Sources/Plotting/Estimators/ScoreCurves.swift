import ClassicML
import NotebookDisplay
import TensorCore

// What `learningCurve`, `validationCurve` and `GridSearch` found.
extension Chart {
  /// Mean scores in training and validation, in bands of one standard deviation over the folds. An axis of numbers whose steps are equal factors is
  /// logarithmic.
  ///
  /// ```swift
  /// let x = Tensor.uniform([60, 2], dtype: .float64, using: RandomGenerator(seed: 1))
  /// let curve = try learningCurve(LinearRegression(), x, x[.all, 0] * 3, shares: [0.25, 1])
  /// Chart.scores(curve).description.hasSuffix("in 2 series (training, validation); y: score, x: training samples")  // → true
  /// ```
  public static func scores(_ curve: ScoreCurve) -> Chart {
    let numbers = curve.numbers ?? curve.labels.indices.map(Double.init)
    func band(_ name: String, _ means: [Double], _ deviations: [Double]) -> Chart {
      errorBand(
        x: numbers, y: means, lower: zip(means, deviations).map { $0 - $1 },
        upper: zip(means, deviations).map { $0 + $1 },
        name: name)
    }
    let chart = layered([
      band("training", curve.trainingMeans, curve.trainingDeviations),
      band("validation", curve.validationMeans, curve.validationDeviations),
    ]).y("score")
    return chart.x(curve.name, scale: isGeometric(numbers) ? .logarithmic : .linear)
  }

  /// Whether all neighbours have about the same ratio, and that is no step that a line would show as well.
  private static func isGeometric(_ numbers: [Double]) -> Bool {
    guard numbers.count > 2, numbers.allSatisfy({ $0 > 0 }) else { return false }
    let ratios = zip(numbers.dropFirst(), numbers).map { $0 / $1 }
    guard let low = ratios.min(), let high = ratios.max() else { return false }
    return low >= 1.8 && high / low < 2
  }

  /// The mean scores of a search over two hyperparameters, as colours with the numbers in them; of further ones, the best of each cell counts.
  ///
  /// Stops unless the search varied both.
  ///
  /// ```swift
  /// let x = Tensor((0..<30).map { [Double($0 % 7), Double($0 % 5)] }, dtype: .float64)
  /// let chain = StandardScaler().then(LinearRegression())
  /// let search = GridSearch(chain, vary(\.first.scales, [true, false]), vary(\.last.fitsIntercept, [false, true]))
  /// let fitted = try search.fit(x, x[.all, 0] * 2 + 10)
  /// let chart = Chart.search(fitted.results, x: "first.scales", y: "last.fitsIntercept")
  /// chart  // → mean score chart with 4 points; y: last.fitsIntercept, x: first.scales
  /// ```
  public static func search(_ results: [CandidateResult], x: String, y: String) -> Chart {
    guard !results.isEmpty, results.allSatisfy({ $0.values[x] != nil && $0.values[y] != nil }) else {
      let names = Set(results.flatMap(\.values.keys)).sorted()
      stop("search", "\"\(x)\" and \"\(y)\" were not both varied", fix: "use two of \(names)")
    }
    var cells: [[String]: Double] = [:]
    var order: [[String]] = []
    for result in results {
      let cell = [result.values[x] ?? "", result.values[y] ?? ""]
      if cells[cell] == nil { order.append(cell) }
      cells[cell] = max(cells[cell] ?? -.infinity, result.mean)
    }
    let scores = order.map { cells[$0] ?? .nan }
    var table = Table(["score": scores])
    table.columns["column"] = order.map { .string($0[0]) }
    table.columns["row"] = order.map { .string($0[1]) }
    // Long values would run into each other.
    let angle: JSON = .integer(order.contains { $0[0].count > 8 } ? -30 : 0)
    let places: JSON = [
      "x": .category("column", ["axis": ["labelAngle": angle, "grid": false], "scale": ["paddingInner": 0]]),
      "y": .category("row", ["axis": ["grid": false], "scale": ["paddingInner": 0]]),
    ]
    let color: JSON = [
      "color": .quantity(
        "score", ["scale": ["scheme": .string(Colors.sequential.rawValue), "zero": false], "title": "mean score"])
    ]
    // Viridis is dark at its lower end.
    let finite = scores.filter(\.isFinite)
    let middle = ((finite.min() ?? 0) + (finite.max() ?? 0)) / 2
    let ink: JSON = [
      "text": ["field": "score", "type": "quantitative", "format": ".3f"],
      "color": [
        "condition": ["test": .string("datum.score < \(middle)"), "value": "#FFFFFF"], "value": "#1F2328",
        "legend": nil,
      ],
    ]
    let (columns, rows) = (Set(order.map { $0[0] }).count, Set(order.map { $0[1] }).count)
    return Chart([
      Mark(kind: "mean score", style: ["type": "rect"], table: table, encoding: places.merging(color), ink: .own),
      Mark(kind: "number", style: Mark.textStyle, table: table, encoding: places.merging(ink), ink: .text),
    ]).changed {
      ($0.x.title, $0.y.title) = (x, y)
      ($0.width, $0.height) = (56 * columns, 40 * rows)
    }
  }
}
