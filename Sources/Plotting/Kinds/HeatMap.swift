import NotebookDisplay
import TensorCore

extension Chart {
  /// The colours that numbers become; all keep their order for colour-blind eyes and in grey.
  public enum Colors: String, Sendable, Hashable {
    /// From dark to light: viridis, by Smith and van der Walt (2015).
    case sequential = "viridis"
    /// From blue over white at 0 to orange.
    case diverging = "blueorange"
    /// From white to dark blue, for counts.
    case counts = "blues"
  }

  /// A cell in the colour of each number of a table [rows, columns].
  ///
  /// Without ranges it is a matrix: row 0 at the top, the axes count cells. With them it is a function of two variables: the
  /// columns divide `x`, the rows `y`, upwards. Stops unless there are two axes, with something on them.
  ///
  /// ```swift
  /// let weights = Tensor([[0.1, -0.3], [0.2, 0.4]])
  /// Chart.heatMap(weights, colors: .diverging).x("input").y("output")  // → heat map chart with 4 points; y: output, x: input
  /// ```
  public static func heatMap(
    _ values: any PlotData, x: ClosedRange<Double>? = nil, y: ClosedRange<Double>? = nil, colors: Colors = .sequential
  ) -> Chart {
    let rows = values.table("values", for: "heatMap")
    let width = rows[0].count
    let grid = CellGrid(rows: rows.count, columns: width, x: x, y: y)
    var table = grid.table(rows.indices.flatMap { row in (0..<width).map { (row, $0..<($0 + 1)) } })
    table.columns["value"] = rows.joined().map { .number($0) }
    var scale: JSON = ["scheme": .string(colors.rawValue)]
    if colors == .diverging {
      let extent = rows.joined().filter(\.isFinite).map(\.magnitude).max() ?? 1
      scale["domain"] = [.number(-extent), .number(extent)]
    }
    let mark = Mark(
      kind: "heat map", style: ["type": "rect", "strokeWidth": 0.6], table: table,
      // Edges of the cell's own colour close the seams that other scales than the page's would show.
      encoding: CellGrid.encoding.merging([
        "color": .quantity("value", ["scale": scale]), "stroke": .quantity("value", ["scale": scale, "legend": nil]),
      ]), ink: .own)
    return Chart([mark]).changed { grid.fit(&$0) }
  }
}

/// A table's cells as rectangles between two axes.
struct CellGrid {
  let rows: Int
  let columns: Int
  let x: ClosedRange<Double>
  let y: ClosedRange<Double>
  /// Whether row 0 is at the top.
  let isMatrix: Bool

  /// Without ranges, cell (i, j) lies around the place (j, i).
  init(rows: Int, columns: Int, x: ClosedRange<Double>?, y: ClosedRange<Double>?) {
    (self.rows, self.columns) = (rows, columns)
    self.x = x ?? -0.5...(Double(columns) - 0.5)
    self.y = y ?? -0.5...(Double(rows) - 0.5)
    isMatrix = y == nil
  }

  static let encoding: JSON = [
    "x": .quantity("x", ["scale": ["nice": false], "axis": ["grid": false]]), "x2": ["field": "x2"],
    "y": .quantity("y", ["scale": ["nice": false], "axis": ["grid": false]]), "y2": ["field": "y2"],
  ]

  /// Corners of runs of cells, each in a row and over some columns.
  func table(_ runs: [(row: Int, columns: Range<Int>)]) -> Table {
    Table([
      "x": runs.map { place($0.columns.lowerBound, of: columns, x) },
      "x2": runs.map { place($0.columns.upperBound, of: columns, x) },
      "y": runs.map { place($0.row, of: rows, y) },
      "y2": runs.map { place($0.row + 1, of: rows, y) },
    ])
  }

  private func place(_ index: Int, of count: Int, _ range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(count)
  }

  /// Whole pixels to a cell, so that no seams are seen between them; a matrix' cells are squares.
  func fit(_ chart: inout Chart) {
    func size(_ count: Int, _ wanted: Int) -> Int { count * max(1, wanted / count) }
    if isMatrix {
      let cell = max(1, min(300 / max(rows, columns), 60))
      (chart.width, chart.height) = (cell * columns, cell * rows)
      chart.y.isReversed = true
    } else {
      (chart.width, chart.height) = (size(columns, 320), size(rows, 320))
    }
  }
}
