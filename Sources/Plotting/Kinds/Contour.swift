import NotebookDisplay
import TensorCore

extension Chart {
  /// Lines of equal height of a table [rows, columns], whose columns are samples at equal distances from one end of `x` to
  /// the other, and whose rows are such of `y`, upwards. Heights that are not finite leave gaps.
  ///
  /// Stops unless there are two rows and two columns. Without `levels` there are ten, at equal distances between the
  /// extremes. By marching squares: Maple, "Geometric Design and Space Planning Using the Marching Squares and Marching Cube
  /// Algorithms" (2003).
  ///
  /// ```swift
  /// let bowl = (-4...4).map { y in (-4...4).map { x in Double(x * x + y * y) } }
  /// Chart.contour(bowl, x: -4...4, y: -4...4, levels: [4]).description.hasPrefix("contour chart")  // → true
  /// ```
  public static func contour(
    _ values: any PlotData, x: ClosedRange<Double>, y: ClosedRange<Double>, levels: [Double]? = nil,
    isColored: Bool = true
  ) -> Chart {
    let rows = values.table("values", for: "contour")
    guard rows.count > 1, rows[0].count > 1 else {
      stop("contour", "\(rows.count) rows of \(rows[0].count) values", fix: "sample at least 2 × 2 places")
    }
    let levels = levels ?? contourLevels(rows)
    let curves = levels.flatMap { level in MarchingSquares(rows, level).curves.map { (level, $0) } }
    func place(_ position: Double, _ count: Int, _ range: ClosedRange<Double>) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * position / Double(count - 1)
    }
    let points = curves.enumerated().flatMap { index, curve in
      curve.1.enumerated().map { (curve: Double(index), level: curve.0, order: Double($0), point: $1) }
    }
    let table = Table([
      "x": points.map { place($0.point.column, rows[0].count, x) },
      "y": points.map { place($0.point.row, rows.count, y) }, "level": points.map(\.level),
      "curve": points.map(\.curve), "order": points.map(\.order),
    ])
    var encoding: JSON = [
      "x": .quantity("x", ["scale": ["nice": false]]), "y": .quantity("y", ["scale": ["nice": false]]),
      "detail": ["field": "curve", "type": "nominal"], "order": .quantity("order"),
      "tooltip": [.quantity("level", ["title": "level"])],
    ]
    if isColored {
      // Without the ends, of which one is lost on light paper and the other on dark.
      let colors: JSON = ["name": .string(Colors.sequential.rawValue), "extent": [0.25, 0.9]]
      encoding["color"] = .quantity("level", ["scale": ["scheme": colors]])
    }
    let mark = Mark(
      kind: "contour", style: ["type": "line", "strokeWidth": 1.5, "strokeJoin": "round"], table: table,
      encoding: encoding,
      ink: isColored ? .own : .text)
    return Chart([mark]).changed {
      ($0.x.range, $0.y.range) = (x, y)
      ($0.width, $0.height) = (320, 320)
    }
  }

  private static func contourLevels(_ rows: [[Double]]) -> [Double] {
    let finite = rows.joined().filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), low < high else { return [] }
    return (1...10).map { low + (high - low) * Double($0) / 11 }
  }
}

/// The curves along which a table of heights has one value.
///
/// Each square between four neighbours is looked at by itself: where the height passes the level between two corners, a
/// curve crosses that edge, at a place found linearly. Edges have numbers, so that pieces of neighbouring squares are
/// joined by them and not by places.
struct MarchingSquares {
  typealias Point = (row: Double, column: Double)

  private let rows: [[Double]]
  private let level: Double
  /// The one or two edges that each crossed edge is joined to.
  private var neighbours: [Int: [Int]] = [:]

  init(_ rows: [[Double]], _ level: Double) {
    self.rows = rows
    self.level = level
    for row in 0..<(rows.count - 1) {
      for column in 0..<(rows[0].count - 1) { join(row, column) }
    }
  }

  /// The curves; the first point of a closed one comes again as its last.
  var curves: [[Point]] {
    var seen: Set<Int> = []
    var curves: [[Point]] = []
    let edges = neighbours.keys.sorted()
    // Open curves from their ends, then those that are left: closed ones from anywhere.
    for ends in [true, false] {
      for start in edges where !seen.contains(start) && (!ends || neighbours[start]?.count == 1) {
        var (path, edge) = ([start], start)
        seen.insert(start)
        while let next = neighbours[edge]?.first(where: { !seen.contains($0) }) {
          path.append(next)
          seen.insert(next)
          edge = next
        }
        if !ends { path.append(start) }
        curves.append(path.map(point))
      }
    }
    return curves
  }

  /// The edge from a corner to its right (even) or upwards (odd).
  private func edge(_ row: Int, _ column: Int, up: Bool) -> Int { 2 * (row * rows[0].count + column) + (up ? 1 : 0) }

  private mutating func join(_ row: Int, _ column: Int) {
    let corners = [rows[row][column], rows[row][column + 1], rows[row + 1][column + 1], rows[row + 1][column]]
    guard corners.allSatisfy(\.isFinite) else { return }
    let isAbove = corners.map { $0 >= level }
    // Edges in the order of the corners: edge k lies between corners k and k + 1.
    let edges = [
      edge(row, column, up: false), edge(row, column + 1, up: true), edge(row + 1, column, up: false),
      edge(row, column, up: true),
    ]
    let crossed = (0..<4).filter { isAbove[$0] != isAbove[($0 + 1) % 4] }
    switch crossed.count {
    case 2: link(edges[crossed[0]], edges[crossed[1]])
    case 4:
      // A saddle: the middle decides which corners belong together.
      let middle = corners.reduce(0, +) / 4 >= level
      let first = isAbove[0] == middle ? (0, 1) : (0, 3)
      link(edges[first.0], edges[first.1])
      link(edges[first.1 == 1 ? 2 : 1], edges[first.1 == 1 ? 3 : 2])
    default: break
    }
  }

  private mutating func link(_ a: Int, _ b: Int) {
    neighbours[a, default: []].append(b)
    neighbours[b, default: []].append(a)
  }

  private func point(_ edge: Int) -> Point {
    let (row, column) = (edge / 2 / rows[0].count, edge / 2 % rows[0].count)
    let isUp = edge % 2 == 1
    let (from, to) = (rows[row][column], isUp ? rows[row + 1][column] : rows[row][column + 1])
    let share = (level - from) / (to - from)
    return isUp ? (Double(row) + share, Double(column)) : (Double(row), Double(column) + share)
  }
}
