/// Numbers as they come, in the memory of a few hundred: beyond these, means of neighbours.
struct Curve: Sendable {
  private static let limit = 400
  private var points: [(x: Double, y: Double)] = []
  /// How many numbers make up a point.
  private var width = 1
  private var sum = (x: 0.0, y: 0.0)
  private var waiting = 0
  private(set) var last = Double.nan

  mutating func add(x: Double, y: Double) {
    last = y
    sum = (sum.x + x, sum.y + y)
    waiting += 1
    if waiting == width { close() }
    if points.count == Curve.limit {
      points = stride(from: 0, to: points.count, by: 2).map { index in
        let (a, b) = (points[index], points[index + 1])
        return ((a.x + b.x) / 2, (a.y + b.y) / 2)
      }
      width *= 2
    }
  }

  private mutating func close() {
    points.append((sum.x / Double(waiting), sum.y / Double(waiting)))
    (sum, waiting) = ((0, 0), 0)
  }

  /// As far as it goes, what waits for its neighbours included.
  var line: (x: [Double], y: [Double]) {
    var copy = self
    if copy.waiting > 0 { copy.close() }
    return (copy.points.map(\.x), copy.points.map(\.y))
  }
}
