import NotebookDisplay
import TensorCore

// What is written and drawn over a chart, in the colour of its text.
extension Chart {
  /// An upright line at x, with a label at its upper end.
  ///
  /// ```swift
  /// Chart.layered([.line(y: [3, 1, 2]), .rule(x: 1, "best")])  // → line chart with 3 points
  /// ```
  public static func rule(x: Double, _ label: String? = nil) -> Chart { rule("x", x, label) }

  /// A level line at y, with a label at its right end.
  public static func rule(y: Double, _ label: String? = nil) -> Chart { rule("y", y, label) }

  private static func rule(_ channel: String, _ place: Double, _ label: String?) -> Chart {
    if !place.isFinite { stop("rule", "\(channel) is \(place)", fix: "use a finite number") }
    let encoding = JSON.object([channel: .quantity(channel)])
    var table = Table(count: 1)
    table.columns[channel] = [.number(place)]
    var marks = [
      Mark(
        kind: "rule", style: ["type": "rule", "strokeDash": [5, 4], "strokeWidth": 1.2], table: table,
        encoding: encoding, ink: .text)
    ]
    if let label {
      table.columns["label"] = [.string(label)]
      let edge: JSON =
        channel == "x"
        ? ["y": ["value": 0], "x": .quantity("x")] : ["x": ["value": "width"], "y": .quantity("y")]
      let place: JSON =
        channel == "x"
        ? ["align": "left", "baseline": "top", "dx": 5, "dy": 5]
        : ["align": "right", "baseline": "bottom", "dx": -5, "dy": -3]
      marks.append(
        Mark(
          kind: "rule", style: Mark.textStyle.merging(place), table: table,
          encoding: edge.merging(["text": ["field": "label"]]), ink: .text))
    }
    return Chart(marks)
  }

  /// A text beside the point (x, y).
  ///
  /// ```swift
  /// Chart.layered([.scatter(x: [1], y: [2]), .text("the minimum", x: 1, y: 2)])  // → scatter chart with 1 point
  /// ```
  public static func text(_ text: String, x: Double, y: Double) -> Chart {
    if !x.isFinite || !y.isFinite { stop("text", "its place is (\(x), \(y))", fix: "use finite numbers") }
    var table = Table(["x": [x], "y": [y]])
    table.columns["label"] = [.string(text)]
    let style = Mark.textStyle.merging(["align": "left", "baseline": "middle", "dx": 8])
    return Chart([
      Mark(
        kind: "text", style: style, table: table,
        encoding: ["x": .quantity("x"), "y": .quantity("y"), "text": ["field": "label"]], ink: .text)
    ])
  }
}

extension Mark {
  static let textStyle: JSON = ["type": "text", "fontSize": 12]
}
