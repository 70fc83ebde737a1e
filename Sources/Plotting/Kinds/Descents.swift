import Mathematics
import NotebookDisplay
import TensorCore

extension Chart {
  /// The recorded paths of minimisers over the function's lines of equal height, in the plane of two variables. Between each line and the
  /// next lies as much of the plane, so that a valley is seen as well as the slopes around it.
  ///
  /// - Parameters:
  ///   - f: The function, of a point [2].
  ///   - paths: What the methods found, by their names.
  ///   - x: The range of the first variable, and `y` that of the second; points outside of them are not seen.
  ///   - resolution: How many places of the function are computed along each axis.
  ///
  /// Stops when a path was not recorded, or is not of two variables.
  ///
  /// ```swift
  /// let f = TestFunction.rosenbrock
  /// let newton = NewtonMethod().minimise(f.f, from: f.start, recordingPath: true)
  /// let chart = Chart.descents(on: f.f, ["Newton": newton], x: -2...2, y: -1...3, resolution: 20)
  /// chart  // → line chart with 22 points in 1 series (Newton)
  /// ```
  public static func descents(
    on f: (Tensor) -> Tensor, _ paths: KeyValuePairs<String, Minimum>, x: ClosedRange<Double>,
    y: ClosedRange<Double>, resolution: Int = 120
  ) -> Chart {
    guard resolution > 1 else { stop("descents", "a resolution of \(resolution)", fix: "use 2 or more") }
    for (name, found) in paths where found.path.isEmpty || found.point.count != 2 {
      stop(
        "descents", "\(name) has \(found.path.count) points of shape \(found.point.shape)",
        fix: "record the path of a function of two variables (recordingPath: true)")
    }
    func places(_ range: ClosedRange<Double>) -> [Double] {
      (0..<resolution).map {
        range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(resolution - 1)
      }
    }
    let heights = withoutGradients {
      places(y).map { y in places(x).map { x in f(Tensor([x, y], dtype: .float64)).item() } }
    }
    let ground = contour(heights, x: x, y: y, levels: equalAreas(heights), isColored: false)
      .restyled(["strokeWidth": 1, "opacity": 0.3])
    if paths.isEmpty { return ground }
    let points = paths.flatMap { name, found in
      found.path.map { (name: name, point: $0.scalars(as: Double.self)) }
    }
    let lines = line(
      x: points.map { $0.point[0] }, y: points.map { $0.point[1] }, series: points.map(\.name)
    ).restyled(["strokeWidth": 1.5, "point": ["filled": true, "size": 18]])
    return layered([ground, lines]).sized(width: 420, height: 420)
  }

  private func restyled(_ style: JSON) -> Chart {
    changed { chart in
      chart.content = .layers(
        marks.map { mark in
          var mark = mark
          mark.style = mark.style.merging(style)
          return mark
        })
    }
  }

  /// Heights with as many of the places between each and the next.
  private static func equalAreas(_ heights: [[Double]]) -> [Double] {
    let sorted = heights.joined().filter(\.isFinite).sorted()
    if sorted.isEmpty { return [] }
    // A thirteenth each; the lowest part is halved twice more, for the last steps take place there.
    let shares = [1.0 / 52, 1.0 / 26] + (1...12).map { Double($0) / 13 }
    return shares.map { sorted[Int($0 * Double(sorted.count - 1))] }
  }
}
