import NotebookDisplay
import TensorCore

// How a chart becomes Vega-Lite.
extension Chart {
  /// The chart as Vega-Lite 5, in JSON. Equal charts have equal texts; numbers that are not finite are null, which leaves
  /// gaps.
  ///
  /// ```swift
  /// Chart.scatter(x: [1.0], y: [Double.nan]).vegaLite.contains("{\"x\":1,\"y\":null}")  // → true
  /// ```
  public var vegaLite: String { specification.text }

  private var specification: JSON {
    let theme = theme ?? .light
    let whole: JSON = [
      "$schema": "https://vega.github.io/schema/vega-lite/v5.json", "background": .string(theme.paper),
      "config": theme.configuration, "padding": 12,
    ]
    // A drawing on a canvas would not know the page's ink.
    let options: JSON = theme == .page ? ["usermeta": ["embedOptions": ["renderer": "svg"]]] : [:]
    return whole.merging(options).merging(body(theme, series: seriesNames))
  }

  /// All series, in the order of their coming: what the palette is given out to.
  var seriesNames: [String] {
    var seen: Set<String> = []
    return marks.flatMap(\.series).filter { seen.insert($0).inserted }
  }

  private func body(_ theme: Theme, series: [String]) -> JSON {
    var body: JSON
    switch content {
    case .beside(let charts, let columns, let sharing):
      body = [
        "columns": .integer(columns),
        "concat": .array(charts.map { $0.body(theme, series: sharing ? series : $0.seriesNames) }),
        // Small multiples alone share ranges, and the colours of their series.
        "resolve": ["scale": sharing ? ["x": "shared", "y": "shared"] : ["color": "independent"]],
      ]
    case .layers(let marks):
      let layers = marks.map { layer($0, theme, series) }
      body = layers.count == 1 ? layers[0] : ["layer": .array(layers)]
      // The colours of series and those of numbers are two scales.
      let hasNumbers = marks.contains { $0.ink == .own && $0.encoding["color"] != nil }
      if layers.count > 1, hasNumbers, !series.isEmpty { body["resolve"] = ["scale": ["color": "independent"]] }
      body["width"] = .integer(width ?? 380)
      body["height"] = .integer(height ?? 240)
      if !hasFrame { body["view"] = ["stroke": nil] }
    }
    if let title { body["title"] = .string(title) }
    return body
  }

  private func layer(_ mark: Mark, _ theme: Theme, _ series: [String]) -> JSON {
    var (style, encoding, table) = (mark.style, mark.encoding, mark.table)
    for (channel, axis) in [("x", x), ("y", y)] {
      guard encoding[channel] != nil else { continue }
      if axis.scale == .logarithmic, mark.baseline == channel {
        stop(mark.kind, "it begins at 0, which a logarithmic \(channel) axis has not", fix: "use a line or points")
      }
      if encoding[channel]?["type"] == "quantitative" {
        encoding[channel] = scale(of: axis, channel, for: mark).merging(encoding[channel] ?? [:])
        if axis.range != nil { style["clip"] = true }
        if axis.scale == .logarithmic {
          table.dropNonPositive(in: encoding, channel)
        } else if mark.kind == "line", table.isWhole(channel) {
          // There is no epoch 1.5.
          encoding[channel]?["axis"] = ["tickMinStep": 1]
        }
      }
      if encoding[channel]?["axis"] != .null { encoding[channel]?["title"] = axis.title.map { .string($0) } ?? .null }
    }
    switch mark.ink {
    case .series:
      let colors = series.indices.map { JSON.string(theme.palette[$0 % theme.palette.count]) }
      let scale: JSON = ["domain": .array(series.map { .string($0) }), "range": .array(colors)]
      let color: JSON = ["scale": scale, "title": legend.map { .string($0) } ?? .null]
      encoding["color"] = .category("series", color).merging(encoding["color"] ?? [:])
    case .next(let slot):
      let color = JSON.string(theme.palette[(series.count + slot) % theme.palette.count])
      style["color"] = color
      // Points on a line don't take its colour by themselves.
      if case .object? = style["point"] { style["point"]?["color"] = color }
    case .text:
      style["color"] = .string(theme.ink)
    case .own:
      if encoding["color"] != nil, encoding["color"]?["legend"] != .null {
        encoding["color"]?["title"] = legend.map { .string($0) } ?? .null
      }
    }
    // The ends of a box's whiskers: black, whatever the configuration says, unless the mark says more.
    if case .object? = style["ticks"] { style["ticks"]?["color"] = .string(theme.ink) }
    if encoding["tooltip"] == nil { encoding["tooltip"] = tooltip(encoding) }
    return ["data": table.encoded, "mark": style, "encoding": encoding]
  }

  private func scale(of axis: Axis, _ channel: String, for mark: Mark) -> JSON {
    var scale: JSON = ["zero": .bool(marks.contains { $0.baseline == channel })]
    if axis.scale == .logarithmic { scale = ["type": "log"] }
    if let range = axis.range {
      scale = scale.merging(["domain": [.number(range.lowerBound), .number(range.upperBound)], "nice": false])
      scale["zero"] = nil
    }
    if axis.isReversed == true { scale["reverse"] = true }
    return ["scale": scale]
  }

  /// What a pointer that rests on a mark is told: every column that is drawn, under the title that it has in the chart.
  private func tooltip(_ encoding: JSON) -> JSON {
    let titles = [
      "x": x.title ?? "x", "y": y.title ?? "y", "color": legend ?? "", "x2": "to", "y2": "to", "text": "",
    ]
    var told: [JSON] = []
    for channel in ["color", "x", "x2", "y", "y2"] {
      guard let own = encoding[channel], case .string(let field)? = own["field"] else { continue }
      let title = titles[channel].flatMap { $0.isEmpty ? nil : $0 } ?? field
      let type = own["type"] ?? "quantitative"
      let entry: JSON = ["field": .string(field), "title": .string(title), "type": type]
      if !told.contains(where: { $0["field"] == .string(field) }) { told.append(entry) }
    }
    return told.isEmpty ? .null : .array(told)
  }
}

extension Table {
  /// Whether the column holds whole numbers alone.
  fileprivate func isWhole(_ field: String) -> Bool {
    columns[field]?.allSatisfy { if case .number(let value) = $0 { value == value.rounded() } else { false } } ?? false
  }

  /// Makes gaps of the numbers that a logarithmic axis has no place for.
  fileprivate mutating func dropNonPositive(in encoding: JSON, _ channel: String) {
    for channel in [channel, channel + "2"] {
      guard case .string(let field)? = encoding[channel]?["field"] else { continue }
      columns[field] = columns[field]?.map { if case .number(let value) = $0, value <= 0 { .null } else { $0 } }
    }
  }
}
