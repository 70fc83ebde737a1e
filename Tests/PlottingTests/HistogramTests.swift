import Plotting
import TensorCore
import Testing

@Suite("Histograms")
struct HistogramTests {
  @Test("count what lies in each interval, the last with its upper end", arguments: [1, 3, 10, 64])
  func counts(_ bins: Int) throws {
    let values = SampleCharts.normals(500).map { ($0 * 8).rounded() / 8 }
    let drawn = try Drawn(.histogram(values, bins: bins))
    let (from, to, heights) = (drawn.numbers("from"), drawn.numbers("to"), drawn.numbers("height"))
    #expect(heights.count == bins && from.first == values.min() && to.last == values.max())
    for bin in 0..<bins {
      let inside = values.filter { $0 >= from[bin] && ($0 < to[bin] || (bin == bins - 1 && $0 == to[bin])) }
      #expect(Double(inside.count) == heights[bin])
    }
    #expect(heights.reduce(0, +) == 500)
  }

  @Test("as densities have an area of 1")
  func density() throws {
    let drawn = try Drawn(.histogram(SampleCharts.normals(300), bins: 7, isDensity: true))
    let area = zip(drawn.numbers("height"), zip(drawn.numbers("from"), drawn.numbers("to"))).map { $0 * ($1.1 - $1.0) }
    #expect(abs(area.reduce(0, +) - 1) < 1e-12)
    #expect(drawn.encoding("y.title") as? String == "density")
  }

  // numpy.histogram_bin_edges(range(100), bins="auto") has 9 edges: Sturges gives ⌈log₂ 100⌉ + 1 = 8 intervals.
  @Test("choose as many intervals as NumPy does")
  func automatic() throws {
    #expect(try Drawn(.histogram(0..<100)).rows.count == 8)
    #expect(try Drawn(.histogram([4, 4, 4])).rows.count == 3)
    #expect(try Drawn(.histogram([4, 4, 4])).numbers("from").first == 3.5)
  }

  @Test("leave out what is not finite, or out of the range")
  func outside() throws {
    let drawn = try Drawn(.histogram([.nan, 0, 1, 2, 9, .infinity], bins: 2, range: 0...2))
    #expect(drawn.numbers("height") == [1, 2])
  }
}
