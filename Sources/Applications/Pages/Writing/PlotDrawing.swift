import Foundation
import NotebookDisplay

extension ResultPage.Plot {
  /// The chart in SVG under its title and legend.
  var markup: Markup {
    let keys = series.enumerated().compactMap { index, series -> Markup? in
      if series.name.isEmpty { return nil }
      let name = series.note.isEmpty ? series.name : "\(series.name) \(series.note)"
      return .element("span", ["class": "key"], [.element("i", ["style": color(index)], []), .text(name)])
    }
    let drawing = Markup.element(
      "svg",
      ["viewBox": "0 0 \(Frame.width.decimal(0)) \(Frame.height.decimal(0))", "role": "img", "aria-label": title],
      parts)
    return .element(
      "figure", ["class": "plot"],
      [.element("figcaption", [.element("b", [.text(title)])] + keys), drawing])
  }

  private var parts: [Markup] {
    let points = series.flatMap(\.points).filter { $0.x.isFinite && $0.y.isFinite }
    // Columns reach half a width further, and down to 0.
    let columns = series.filter { $0.style == .columns }
    let halves = columns.map(\.columnWidth).map { $0 / 2 }.max() ?? 0
    let x = Axis(points.map { $0.x - halves } + points.map { $0.x + halves }, given: xRange, isWhole: xName == "epoch")
    let y = Axis(points.map(\.y) + (columns.isEmpty ? [] : [0]), given: yRange)
    let frame = Frame(x: x, y: y)
    var parts = frame.grid + frame.names(xName, yName)
    if hasDiagonal {
      let (low, high) = (max(x.low, y.low), min(x.high, y.high))
      parts.append(path("M" + frame.place(low, low) + "L" + frame.place(high, high), "diagonal"))
    }
    return parts + series.enumerated().flatMap { index, series in series.marks(in: frame, color(index)) }
  }

  private func color(_ index: Int) -> String { "--c: var(--s\(index % 6))" }
}

private func path(_ data: String, _ kind: String, style: String = "") -> Markup {
  .element("path", style.isEmpty ? ["class": kind, "d": data] : ["class": kind, "style": style, "d": data], [])
}

/// Where the chart's numbers are on its 460 by 280 units.
private struct Frame {
  static let (width, height) = (460.0, 280.0)
  private static let (left, right, top, bottom) = (50.0, 448.0, 26.0, 240.0)
  let x: Axis
  let y: Axis

  func across(_ value: Double) -> Double { Frame.left + x.share(value) * (Frame.right - Frame.left) }
  func down(_ value: Double) -> Double { Frame.bottom - y.share(value) * (Frame.bottom - Frame.top) }
  func place(_ x: Double, _ y: Double) -> String { "\(across(x).decimal(1)) \(down(y).decimal(1))" }

  /// Horizontal lines, and numbers on both axes.
  var grid: [Markup] {
    let lines = y.ticks.map { "M\(Frame.left.decimal(0)) \(down($0).decimal(1))H\(Frame.right.decimal(0))" }.joined()
    return [path(lines, "rule")]
      + y.ticks.map { text(y.text($0), at: Frame.left - 8, down($0) + 4, anchor: "end") }
      + x.ticks.map { text(x.text($0), at: across($0), Frame.bottom + 18) }
  }

  func names(_ x: String, _ y: String) -> [Markup] {
    [text(x, at: (Frame.left + Frame.right) / 2, Frame.bottom + 36), text(y, at: 4, 14, anchor: "start")]
  }

  private func text(_ text: String, at x: Double, _ y: Double, anchor: String = "middle") -> Markup {
    .element("text", ["x": x.decimal(1), "y": y.decimal(1), "text-anchor": anchor], [.text(text)])
  }
}

extension ResultPage.Series {
  fileprivate func marks(in frame: Frame, _ color: String) -> [Markup] {
    let clean = points.filter { $0.x.isFinite && $0.y.isFinite }
    switch style {
    case .points:
      return [path(clean.map { "M" + frame.place($0.x, $0.y) + "h0" }.joined(), "cloud", style: color)]
    case .columns:
      let half = columnWidth / 2
      let data = clean.map { point in
        "M" + frame.place(point.x - half, 0) + "V\(frame.down(point.y).decimal(1))"
          + "H\((frame.across(point.x + half) - 1).decimal(1))V\(frame.down(0).decimal(1))Z"
      }
      return [path(data.joined(), "column", style: color)]
    case .line:
      return [path(line(in: frame), "line", style: color)] + (clean.count <= 20 ? dots(clean, in: frame, color) : [])
    }
  }

  /// Parted where a point is missing; points that fall on the one before are left out.
  private func line(in frame: Frame) -> String {
    var (data, last) = ("", "")
    for point in points {
      guard point.x.isFinite, point.y.isFinite else {
        last = ""
        continue
      }
      let place = frame.place(point.x, point.y)
      if place != last { data += (last.isEmpty ? "M" : "L") + place }
      last = place
    }
    return data
  }

  private func dots(_ points: [(x: Double, y: Double)], in frame: Frame, _ color: String) -> [Markup] {
    points.map { point in
      .element(
        "circle",
        [
          "class": "dot", "style": color, "cx": frame.across(point.x).decimal(1), "cy": frame.down(point.y).decimal(1),
          "r": "3",
        ], [.element("title", [.text("\(name) \(point.x.short): \(point.y.short)")])])
    }
  }

  fileprivate var columnWidth: Double { points.count > 1 ? abs(points[1].x - points[0].x) : 1 }
}

/// What one side of a chart spans, and where it has numbers: steps of 1, 2 or 5 times a power of ten.
private struct Axis {
  let low: Double
  let high: Double
  let ticks: [Double]
  private let decimals: Int

  init(_ values: [Double], given: ClosedRange<Double>?, isWhole: Bool = false) {
    var (low, high) = (given?.lowerBound ?? values.min() ?? 0, given?.upperBound ?? values.max() ?? 1)
    // Nearly from 0 is best read from 0.
    if given == nil, !isWhole, low > 0, low < 0.4 * high { low = 0 }
    if high - low <= 1e-12 * max(abs(low), abs(high)) || high <= low {
      let pad = isWhole ? 1 : max(abs(low) * 0.1, 1e-3)
      (low, high) = (low - pad, high + pad)
    }
    let rough = (high - low) / 5
    let power = pow(10, log10(rough).rounded(.down))
    var step = [1, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? rough
    if isWhole { step = max(1, step.rounded(.up)) }
    if given == nil, !isWhole {
      low = (low / step + 1e-9).rounded(.down) * step
      high = (high / step - 1e-9).rounded(.up) * step
    }
    let (first, last) = ((low / step - 1e-9).rounded(.up), (high / step + 1e-9).rounded(.down))
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }
    decimals = max(0, Int(-log10(step * 1.0001).rounded(.down)))
    (self.low, self.high) = (low, high)
  }

  func share(_ value: Double) -> Double { min(max((value - low) / (high - low), 0), 1) }

  func text(_ tick: Double) -> String {
    if tick.magnitude >= 10_000 || decimals == 0 { return tick.formattedInThousands }
    return decimals > 6 ? tick.short : tick.formatted(decimals: decimals)
  }
}
