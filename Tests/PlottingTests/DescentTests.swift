import Foundation
import Mathematics
import Plotting
import TensorCore
import Testing

@Suite("A chart of descents")
struct DescentTests {
  private let f = TestFunction.booth

  @Test("joins each method's points in their order, over the function's contours")
  func paths() throws {
    let newton = NewtonMethod().minimise(f.f, from: f.start, recordingPath: true)
    let gradient = GradientDescent(.wolfe).minimise(f.f, from: f.start, recordingPath: true)
    let chart = Chart.descents(
      on: f.f, ["Newton": newton, "gradients": gradient], x: f.range, y: f.range, resolution: 30)
    let layers = try Drawn(chart).layers
    try #require(layers.count == 2)
    let lines = layers[1]
    #expect(lines.rows.count == newton.path.count + gradient.path.count)
    let first = lines.rows.filter { $0["series"] as? String == "Newton" }
    #expect(first.count == newton.path.count)
    for (row, point) in zip(first, newton.path) {
      let (x, y) = (try #require(row["x"] as? Double), try #require(row["y"] as? Double))
      #expect(abs(x - point[0].item()) < 1e-12 && abs(y - point[1].item()) < 1e-12)
    }
  }

  @Test("has lines of the function's heights, with as much of the plane between one and the next")
  func contours() throws {
    let chart = Chart.descents(on: { $0[0] * 2 }, [:], x: 0...1, y: 0...1, resolution: 53)
    let rows = try Drawn(chart).layers.flatMap(\.rows) + Drawn(chart).rows
    let levels = Set(rows.compactMap { $0["level"] as? Double }).sorted()
    // Heights of a plane that rises evenly: equal areas are equal distances.
    #expect(levels.count == 14)
    for (a, b) in zip(levels.dropFirst(2), levels.dropFirst(3)) { #expect(abs(b - a - 2.0 / 13) < 1e-9) }
    for row in rows {
      let (x, level) = (try #require(row["x"] as? Double), try #require(row["level"] as? Double))
      #expect(abs(2 * x - level) < 1e-9)
    }
  }
}
