import TensorCore

extension Chart {
  /// Samples as points of a plane, each in the colour of its class: `points` are [n, 2], such as `PrincipalComponents` and `tSNE` make of a layer's
  /// outputs, `labels` classes [n], `names[k]` the name of class k. Stops when the
  /// shapes do not fit.
  ///
  /// ```swift
  /// let chart = Chart.projection([[0.0, 1.0], [2.0, 3.0]], labels: [1, 0], names: ["cat", "dog"])
  /// chart  // → scatter chart with 2 points in 2 series (cat, dog)
  /// ```
  public static func projection(_ points: any PlotData, labels: any PlotData, names: [String]? = nil) -> Chart {
    let rows = points.table("points", for: "projection")
    guard rows[0].count == 2 else {
      stop("projection", "points are [\(rows.count), \(rows[0].count)]", fix: "pass [n, 2]")
    }
    return scatter(x: rows.map { $0[0] }, y: rows.map { $0[1] }, classes: labels, names: names).changed {
      ($0.width, $0.height) = (380, 380)
    }
  }
}
