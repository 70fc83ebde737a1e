import TensorCore

extension Chart {
  /// A point at each (xᵢ, yᵢ). Stops when the lengths of lists [n] differ.
  ///
  /// ```swift
  /// Chart.scatter(x: [1.0, 2.0], y: [0.5, 0.7])  // → scatter chart with 2 points
  /// ```
  public static func scatter(x: any PlotData, y: any PlotData, name: String? = nil) -> Chart {
    let (x, y) = points("scatter", x, y)
    return Chart([.points(x, y, series: name.map { Array(repeating: $0, count: y.count) })])
  }

  /// A point at each (xᵢ, yᵢ), in the colour of its series.
  ///
  /// ```swift
  /// Chart.scatter(x: [1, 2], y: [3, 4], series: ["a", "b"])  // → scatter chart with 2 points in 2 series (a, b)
  /// ```
  public static func scatter(x: any PlotData, y: any PlotData, series: [String]) -> Chart {
    let (x, y) = points("scatter", x, y, series)
    return Chart([.points(x, y, series: series)])
  }

  /// A point at each (xᵢ, yᵢ), in the colour of its class; `names[k]` is the name of class k.
  ///
  /// ```swift
  /// let chart = Chart.scatter(x: [1, 2], y: [3, 4], classes: Tensor([1, 0]), names: ["cat", "dog"])
  /// chart  // → scatter chart with 2 points in 2 series (cat, dog)
  /// ```
  public static func scatter(
    x: any PlotData, y: any PlotData, classes: any PlotData, names: [String]? = nil
  ) -> Chart {
    let classes = classNumbers(classes, "scatter")
    let names = classNames(classes, names, "scatter")
    let (x, y) = points("scatter", x, y, classes.map { names[$0] })
    // In the order of their numbers, so that colours and legend go by class and not by which point comes first.
    let order = classes.indices.sorted { (classes[$0], $0) < (classes[$1], $1) }
    return Chart([.points(order.map { x[$0] }, order.map { y[$0] }, series: order.map { names[classes[$0]] })])
  }

  /// Whole numbers from 0. Stops on others.
  static func classNumbers(_ classes: any PlotData, _ chart: String) -> [Int] {
    classes.list("classes", for: chart).map { value in
      guard let number = Int(exactly: value), number >= 0 else {
        stop(chart, "\(value) is no class", fix: "classes are numbered 0, 1, …")
      }
      return number
    }
  }

  /// The names of classes 0, 1, …: as given, or their numbers. Stops when one has none.
  static func classNames(_ classes: [Int], _ names: [String]?, _ chart: String) -> [String] {
    let count = (classes.max() ?? 0) + 1
    guard let names else { return (0..<count).map(String.init) }
    if names.count < count {
      stop(chart, "class \(count - 1) has no name among the \(names.count)", fix: "name every class from 0 on")
    }
    return names
  }
}

extension Mark {
  static func points(_ x: [Double], _ y: [Double], series: [String]?) -> Mark {
    Mark(
      kind: "scatter", style: ["type": "point", "filled": true, "size": 40, "opacity": 0.8],
      table: Table(["x": x, "y": y], series: series), encoding: ["x": .quantity("x"), "y": .quantity("y")],
      ink: series == nil ? .next(0) : .series)
  }
}
