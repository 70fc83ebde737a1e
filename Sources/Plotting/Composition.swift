import TensorCore

// Charts made of charts.
extension Chart {
  /// Charts over each other in one pair of axes, the first lowest. Titles, scales and sizes are those of the first chart
  /// that says anything of them. Stops when there is none, or when one is itself several side by side.
  ///
  /// ```swift
  /// let data = Chart.scatter(x: [0, 1, 2], y: [0.1, 0.9, 2.2])
  /// Chart.layered([data, .line(x: [0, 2], y: [0, 2])])  // → scatter and line chart with 5 points
  /// ```
  public static func layered(_ charts: [Chart]) -> Chart {
    guard let first = charts.first else { stop("layered", "there are no charts", fix: "give at least one") }
    var (whole, marks, slots) = (first, [Mark](), 0)
    for chart in charts {
      guard case .layers(let layers) = chart.content else {
        stop(
          "layered", "charts side by side have no axes in common", fix: "lay the single charts over each other first")
      }
      var used = 0
      for var mark in layers {
        if case .next(let slot) = mark.ink {
          used = max(used, slot + 1)
          mark.ink = .next(slots + slot)
        }
        marks.append(mark)
      }
      slots += used
      whole.complete(by: chart)
    }
    whole.content = .layers(marks)
    return whole
  }

  private mutating func complete(by other: Chart) {
    title = title ?? other.title
    x = x.completed(by: other.x)
    y = y.completed(by: other.y)
    legend = legend ?? other.legend
    width = width ?? other.width
    height = height ?? other.height
    theme = theme ?? other.theme
  }

  /// Charts side by side, each with its own axes, in rows of `columns` (all in one row if nil). Stops when there is none.
  ///
  /// ```swift
  /// let pair = Chart.beside([.line(y: [1, 2]), .scatter(x: [1], y: [2])])
  /// pair  // → 2 charts: line chart with 2 points; scatter chart with 1 point
  /// ```
  public static func beside(_ charts: [Chart], columns: Int? = nil) -> Chart {
    let columns = columns ?? charts.count
    if charts.isEmpty || columns < 1 {
      stop("beside", "\(charts.count) charts in \(columns) columns", fix: "use at least one of each")
    }
    var whole = Chart(.beside(charts, columns: columns, sharingAxes: false))
    whole.theme = charts.lazy.compactMap(\.theme).first
    return whole
  }

  /// Small multiples: a chart for each name in `groups`, of the points that bear it, with the axes' ranges in common.
  /// Marks with another number of points, such as rules, stand in all of them. Stops when no mark has as many points as there
  /// are names. Tufte, "The Visual Display of Quantitative Information" (1983).
  ///
  /// ```swift
  /// let parts = Chart.scatter(x: [1, 2, 3], y: [1, 4, 9]).faceted(by: ["odd", "even", "odd"])
  /// parts  // → 2 small multiples: scatter chart "odd" with 2 points; scatter chart "even" with 1 point
  /// ```
  public func faceted(by groups: [String], columns: Int = 3) -> Chart {
    guard case .layers(let marks) = content, marks.contains(where: { $0.table.count == groups.count }), columns > 0
    else {
      stop(
        "faceted", "no mark of this chart has the \(groups.count) points that \(groups.count) groups are for",
        fix: "name a group for each point of a single chart, and use one or more columns")
    }
    var seen: Set<String> = []
    let parts = groups.filter { seen.insert($0).inserted }.map { group in
      let rows = groups.indices.filter { groups[$0] == group }
      return changed { part in
        part.title = group
        part.width = width ?? 200
        part.height = height ?? 150
        part.content = .layers(
          marks.map { mark in
            guard mark.table.count == groups.count else { return mark }
            var mark = mark
            mark.table = mark.table.rows(rows)
            return mark
          })
      }
    }
    var whole = Chart(.beside(parts, columns: min(columns, parts.count), sharingAxes: true))
    (whole.title, whole.theme, whole.legend) = (title, theme, legend)
    return whole
  }
}
