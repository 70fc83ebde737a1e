import NotebookDisplay
import TensorCore

/// A chart as a value: what is drawn, with axes, title, size and theme. A notebook draws it, ``save(_:)`` writes it.
///
/// Charts are made by functions for each kind (``line(x:y:name:)``, ``scatter(x:y:name:)``, …), changed by those of this
/// page, which each return a changed chart, and put together by ``layered(_:)``, ``beside(_:columns:)`` and
/// ``faceted(by:columns:)``. The format is Vega-Lite 5: Satyanarayan et al., "Vega-Lite: A Grammar of Interactive
/// Graphics" (2017).
///
/// ```swift
/// let chart = Chart.lines(["training": [2.3, 0.9, 0.4], "test": [2.2, 1.1, 0.8]])
///   .titled("Digits").x("epoch").y("loss", unit: "nats", scale: .logarithmic)
/// chart  // → line chart "Digits" with 6 points in 2 series (training, test); y: loss / nats (logarithmic), x: epoch
/// ```
public struct Chart: Sendable, Hashable {
  /// What stands on an axis.
  struct Axis: Sendable, Hashable {
    var title: String?
    var scale: Scale?
    var range: ClosedRange<Double>?
    var isReversed: Bool?

    func completed(by other: Axis) -> Axis {
      Axis(
        title: title ?? other.title, scale: scale ?? other.scale, range: range ?? other.range,
        isReversed: isReversed ?? other.isReversed)
    }
  }

  /// How numbers become places on an axis.
  public enum Scale: Sendable, Hashable {
    case linear
    /// To base 10. Numbers that are not positive have no place there, and leave gaps.
    case logarithmic
  }

  indirect enum Content: Sendable, Hashable {
    /// Over each other, in one pair of axes.
    case layers([Mark])
    /// Side by side, in rows of so many columns; small multiples share their axes' ranges.
    case beside([Chart], columns: Int, sharingAxes: Bool)
  }

  var content: Content
  var title: String?
  var x = Axis()
  var y = Axis()
  var legend: String?
  var width: Int?
  var height: Int?
  var theme: Theme?
  /// Whether a frame stands around the area.
  var hasFrame = true

  init(_ marks: [Mark]) { content = .layers(marks) }

  init(_ content: Content) { self.content = content }
}

// Changes, each of which returns the changed chart.
extension Chart {
  /// With a title above it.
  public func titled(_ title: String) -> Chart { changed { $0.title = title } }

  /// With a title of the x axis, and a unit behind a slash ("time / s"); a scale; a range, outside of which nothing is
  /// drawn. Stops on a logarithmic range that is not positive, and on an empty one.
  ///
  /// ```swift
  /// Chart.line(x: [1, 10, 100], y: [3, 2, 1]).x("time", unit: "s", scale: .logarithmic, range: 1...100)
  /// ```
  public func x(
    _ title: String? = nil, unit: String? = nil, scale: Scale? = nil, range: ClosedRange<Double>? = nil
  ) -> Chart {
    changed { $0.x = Axis("x", title, unit, scale, range).completed(by: x) }
  }

  /// The same for the y axis.
  public func y(
    _ title: String? = nil, unit: String? = nil, scale: Scale? = nil, range: ClosedRange<Double>? = nil
  ) -> Chart {
    changed { $0.y = Axis("y", title, unit, scale, range).completed(by: y) }
  }

  /// With a title above the list of the series, or the scale of the colours.
  public func legend(_ title: String) -> Chart { changed { $0.legend = title } }

  /// With an area of so many pixels between the axes, of each chart where several stand side by side. Stops unless both
  /// are positive.
  public func sized(width: Int, height: Int) -> Chart {
    if width < 1 || height < 1 { stop("sized", "\(width) × \(height) pixels", fix: "use positive sizes") }
    return changed {
      ($0.width, $0.height) = (width, height)
      if case .beside(let charts, let columns, let sharing) = content {
        $0.content = .beside(
          charts.map { $0.sized(width: width, height: height) }, columns: columns, sharingAxes: sharing)
      }
    }
  }

  /// In light or dark colours, or in those of the page around it. Without a theme, a chart is light in a file, and a notebook's page
  /// gives it its colours.
  public func themed(_ theme: Theme) -> Chart { changed { $0.theme = theme } }

  func changed(_ change: (inout Chart) -> Void) -> Chart {
    var copy = self
    change(&copy)
    return copy
  }

  var marks: [Mark] {
    switch content {
    case .layers(let marks): marks
    case .beside(let charts, _, _): charts.flatMap(\.marks)
    }
  }
}

extension Chart.Axis {
  fileprivate init(
    _ name: String, _ title: String?, _ unit: String?, _ scale: Chart.Scale?, _ range: ClosedRange<Double>?
  ) {
    if let range {
      guard range.lowerBound < range.upperBound, range.lowerBound.isFinite, range.upperBound.isFinite else {
        stop(name, "the range \(range) is empty or has no end", fix: "use two different finite numbers")
      }
      if scale == .logarithmic && range.lowerBound <= 0 {
        stop(name, "the range \(range) of a logarithmic axis begins at 0 or below", fix: "begin above 0")
      }
    }
    let titled = unit.map { "\(title ?? name) / \($0)" } ?? title
    self.init(title: titled, scale: scale, range: range)
  }
}

// What it says of itself.
extension Chart: CustomStringConvertible, NotebookDisplayable {
  /// Its kind, title, number of points, series and axes in a line.
  public var description: String {
    if case .beside(let charts, _, let sharing) = content {
      let name = title.map { " \"\($0)\"" } ?? ""
      let parts = charts.map(\.description).joined(separator: "; ")
      return "\(charts.count) \(sharing ? "small multiples" : "charts")\(name): \(parts)"
    }
    let drawn = marks.filter { $0.ink != .text }
    var kinds: [String] = []
    for mark in drawn.isEmpty ? marks : drawn where !kinds.contains(mark.kind) { kinds.append(mark.kind) }
    var text = kinds.joined(separator: " and ") + " chart"
    if let title { text += " \"\(title)\"" }
    let points = (drawn.isEmpty ? marks : drawn).map(\.table.count).reduce(0, +)
    text += " with \(points) point\(points == 1 ? "" : "s")"
    let names = seriesNames
    if !names.isEmpty {
      let shown = names.count > 6 ? names.prefix(5) + ["…"] : names[...]
      text += " in \(names.count) series (\(shown.joined(separator: ", ")))"
    }
    let axes = [("y", y), ("x", x)].compactMap { name, axis in
      axis.title.map { "\(name): \($0)" + (axis.scale == .logarithmic ? " (logarithmic)" : "") }
    }
    return axes.isEmpty ? text : text + "; " + axes.joined(separator: ", ")
  }

  /// What a notebook draws, and the description for those that can't.
  public var notebookDisplay: MimeBundle {
    MimeBundle(
      text: description, ["application/vnd.vegalite.v5+json": .text((theme == nil ? themed(.page) : self).vegaLite)])
  }
}
