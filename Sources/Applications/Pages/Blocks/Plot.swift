extension ResultPage {
  /// A small chart: lines, points or columns over numbers.
  ///
  /// ```swift
  /// let loss = ResultPage.Plot("Loss", x: "epoch", [ResultPage.Series("training", [(1, 0.9), (2, 0.4)])])
  /// loss.series[0].points.count  // → 2
  /// ```
  public struct Plot: Sendable {
    public var title: String
    public var xName: String
    public var yName: String
    public var series: [Series]
    /// What the axes span; nil: as far as the points go.
    public var xRange: ClosedRange<Double>?
    public var yRange: ClosedRange<Double>?
    /// Whether y = x is drawn as a dashed line.
    public var hasDiagonal: Bool

    public init(
      _ title: String, x xName: String, y yName: String = "", _ series: [Series], xRange: ClosedRange<Double>? = nil,
      yRange: ClosedRange<Double>? = nil, hasDiagonal: Bool = false
    ) {
      (self.title, self.xName, self.yName, self.series) = (title, xName, yName, series)
      (self.xRange, self.yRange, self.hasDiagonal) = (xRange, yRange, hasDiagonal)
    }
  }

  /// Numbers that belong together in a ``Plot``. Points that are not finite are left out, and part a line.
  public struct Series: Sendable {
    public enum Style: Sendable, Hashable {
      /// With a mark at each point where there are few.
      case line
      case points
      /// Columns that stand around their x, as wide as the first two are apart.
      case columns
    }

    public var name: String
    public var points: [(x: Double, y: Double)]
    public var style: Style
    /// What stands behind the name in the legend.
    public var note: String

    public init(_ name: String, _ points: [(x: Double, y: Double)], style: Style = .line, note: String = "") {
      (self.name, self.points, self.style, self.note) = (name, points, style, note)
    }
  }
}
