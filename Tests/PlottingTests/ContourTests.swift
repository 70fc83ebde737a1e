import Foundation
import Plotting
import Testing

@Suite("Contours")
struct ContourTests {
  /// The curves of a chart: places, in the order in which they are joined.
  private func curves(_ chart: Chart) throws -> [[(x: Double, y: Double)]] {
    let drawn = try Drawn(chart)
    var curves: [Int: [(x: Double, y: Double)]] = [:]
    for row in drawn.rows {
      let curve = try #require(row["curve"] as? Int)
      curves[curve, default: []].append((try #require(row["x"] as? Double), try #require(row["y"] as? Double)))
    }
    return curves.keys.sorted().map { curves[$0] ?? [] }
  }

  private func length(_ curve: [(x: Double, y: Double)]) -> Double {
    zip(curve, curve.dropFirst()).map { hypot($1.x - $0.x, $1.y - $0.y) }.reduce(0, +)
  }

  @Test("of a cone are closed circles of the right radius and length", arguments: [0.5, 1.0, 1.7, 2.9])
  func circles(_ radius: Double) throws {
    let cone = SampleCharts.grid(121) { hypot($0, $1) }
    let found = try curves(.contour(cone, x: -3...3, y: -3...3, levels: [radius]))
    try #require(found.count == 1)
    let curve = found[0]
    let (first, last) = (try #require(curve.first), try #require(curve.last))
    #expect(first.x == last.x && first.y == last.y)
    // The interpolation's error on a grid of step h is at most h²/(8r).
    let bound = 0.05 * 0.05 / (4 * radius)
    for point in curve { #expect(abs(hypot(point.x, point.y) - radius) <= bound) }
    #expect(abs(length(curve) / (2 * .pi * radius) - 1) < 0.01)
  }

  @Test("of a plane are straight, whole and exact")
  func plane() throws {
    let plane = SampleCharts.grid(7) { x, y in x + 2 * y }
    let found = try curves(.contour(plane, x: -3...3, y: -3...3, levels: [0.5]))
    try #require(found.count == 1)
    for point in found[0] { #expect(abs(point.x + 2 * point.y - 0.5) < 1e-12) }
    // From x = −3 to x = 3, on y = (0.5 − x)/2.
    #expect(abs(length(found[0]) - 6 * 1.25.squareRoot()) < 1e-9)
  }

  @Test("of two hills are two curves, and of a saddle the two branches of a hyperbola")
  func several() throws {
    let hills = SampleCharts.grid(61) { x, y in
      exp(-4 * ((x - 1.5) * (x - 1.5) + y * y)) + exp(-4 * ((x + 1.5) * (x + 1.5) + y * y))
    }
    #expect(try curves(.contour(hills, x: -3...3, y: -3...3, levels: [0.5])).count == 2)
    let saddle = SampleCharts.grid(60) { $0 * $1 }
    let branches = try curves(.contour(saddle, x: -3...3, y: -3...3, levels: [0.25]))
    #expect(branches.count == 2)
    for branch in branches { #expect(Set(branch.map { $0.x > 0 }).count == 1) }
  }

  @Test("join in the middle of one square as its mean says")
  func saddle() throws {
    // Opposite corners are high; the mean, 0.5, is above 0.4 and below 0.6.
    for (level, isJoined) in [(0.4, true), (0.6, false)] {
      let found = try curves(.contour([[1, 0], [0, 1]], x: 0...1, y: 0...1, levels: [level]))
      #expect(found.count == 2)
      // Where the high corners are joined, each curve goes around a low corner: (1, 0) or (0, 1).
      let corner = isJoined ? [(1.0, 0.0), (0.0, 1.0)] : [(0.0, 0.0), (1.0, 1.0)]
      for curve in found {
        #expect(corner.contains { corner in curve.allSatisfy { abs($0.x - corner.0) + abs($0.y - corner.1) < 0.61 } })
      }
    }
  }

  @Test("leave gaps around what is not finite")
  func gaps() throws {
    var plane = SampleCharts.grid(7) { x, _ in x }
    plane[3][3] = .nan
    let found = try curves(.contour(plane, x: -3...3, y: -3...3, levels: [0.5]))
    #expect(found.count == 2)
    #expect(found.joined().allSatisfy { abs($0.x - 0.5) < 1e-12 && abs($0.y) >= 1 })
  }
}
