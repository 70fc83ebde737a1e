import Foundation
import TensorCore

extension Chart {
  /// How many of the numbers [n] lie in each of equal intervals, or, with `isDensity`, that share by the interval's width.
  /// Numbers that are not finite are left out; the last interval holds its upper end.
  ///
  /// Without `bins` there are as many as the wider demand of Sturges' rule, ⌈log₂ n⌉ + 1, and Freedman and Diaconis',
  /// intervals of 2·IQR·n^(−1/3) (1981), gives, at most 100.
  ///
  /// ```swift
  /// Chart.histogram([1, 1, 2, 5], bins: 4)  // → histogram chart with 4 points; y: count
  /// ```
  public static func histogram(
    _ values: any PlotData, bins: Int? = nil, range: ClosedRange<Double>? = nil, isDensity: Bool = false,
    name: String? = nil
  ) -> Chart {
    let values = values.list("values", for: "histogram").filter(\.isFinite)
    if values.isEmpty { stop("histogram", "none of the values is finite", fix: "give at least one finite number") }
    if let bins, bins < 1 { stop("histogram", "\(bins) bins", fix: "use one or more") }
    let histogram = Histogram(values, bins: bins, range: range)
    let heights = isDensity ? histogram.densities : histogram.counts.map(Double.init)
    let table = Table(
      ["from": Array(histogram.edges.dropLast()), "to": Array(histogram.edges.dropFirst()), "height": heights],
      series: name.map { Array(repeating: $0, count: heights.count) })
    let mark = Mark(
      kind: "histogram", style: ["type": "bar", "binSpacing": 1, "opacity": name == nil ? 1 : 0.7], table: table,
      encoding: [
        "x": .quantity("from", ["bin": "binned"]), "x2": ["field": "to"], "y": .quantity("height", ["stack": nil]),
      ],
      ink: name == nil ? .next(0) : .series, baseline: "y")
    return Chart([mark]).changed { $0.y.title = isDensity ? "density" : "count" }
  }
}

/// Counts in equal intervals.
struct Histogram {
  /// One more than there are intervals.
  let edges: [Double]
  let counts: [Int]

  /// Of finite values, at least one; those outside of `range` are left out.
  init(_ values: [Double], bins: Int?, range: ClosedRange<Double>?) {
    let sorted = values.sorted()
    var (low, high) = (range?.lowerBound ?? sorted[0], range?.upperBound ?? sorted[sorted.count - 1])
    if low == high { (low, high) = (low - 0.5, high + 0.5) }
    let bins = bins ?? Histogram.bins(for: sorted, low, high)
    edges = (0...bins).map { $0 == bins ? high : low + (high - low) * Double($0) / Double(bins) }
    var counts = [Int](repeating: 0, count: bins)
    var bin = 0
    for value in sorted where value >= low && value <= high {
      while bin < bins - 1 && value >= edges[bin + 1] { bin += 1 }
      counts[bin] += 1
    }
    self.counts = counts
  }

  var densities: [Double] {
    let total = Double(max(counts.reduce(0, +), 1))
    return counts.indices.map { Double(counts[$0]) / total / (edges[$0 + 1] - edges[$0]) }
  }

  private static func bins(for sorted: [Double], _ low: Double, _ high: Double) -> Int {
    let count = Double(sorted.count)
    let sturges = log2(count).rounded(.up) + 1
    let spread = sorted[sorted.count * 3 / 4] - sorted[sorted.count / 4]
    let freedmanDiaconis = spread > 0 ? (high - low) / (2 * spread / cbrt(count)) : 1
    return Int(min(max(sturges, freedmanDiaconis.rounded(.up)), 100))
  }
}
