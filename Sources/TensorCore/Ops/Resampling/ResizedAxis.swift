/// An axis and the size that resampling gives it: which pixels each new one is made of.
struct ResizedAxis {
  let from: Int
  let to: Int
  /// nil: to/from.
  let factor: Double?

  /// How far the places of neighbouring new pixels are apart.
  private var step: Double { factor.map { 1 / $0 } ?? Double(from) / Double(to) }

  /// The pixel that each new one takes. Without a factor in integers: a place that is one is not rounded down.
  func nearest(exactly: Bool) -> [Int] {
    (0..<to).map { i in
      let place: Int
      if let factor {
        place = Int(((Double(i) + (exactly ? 0.5 : 0)) / factor).rounded(.down))
      } else {
        place = exactly ? (2 * i + 1) * from / (2 * to) : i * from / to
      }
      return Swift.min(place, from - 1)
    }
  }

  /// The pixels around the place of each new one.
  func between(_ interpolation: Interpolation, alignCorners: Bool) -> AxisMap {
    let step = alignCorners ? Double(from - 1) / Double(Swift.max(to - 1, 1)) : step
    let rows = (0..<to).map { i in
      var place = alignCorners ? Double(i) * step : (Double(i) + 0.5) * step - 0.5
      if interpolation == .linear, place < 0 { place = 0 }
      let left = Int(place.rounded(.down))
      let t = place - Double(left)
      let weights =
        interpolation == .linear ? [(0, 1 - t), (1, t)] : (-1...2).map { ($0, keys(Double($0) - t, a: -0.75)) }
      return weights.compactMap { step, weight in
        weight == 0 ? nil : (column: Swift.min(Swift.max(left + step, 0), from - 1), weight: weight)
      }
    }
    return AxisMap(from: from, rows: rows)
  }

  /// All pixels that each new one covers: the weights of `between`, drawn out to its width where the axis gets smaller, and
  /// scaled to a sum of 1.
  func covering(_ interpolation: Interpolation) -> AxisMap {
    let width = Swift.max(step, 1)
    let reach = interpolation == .linear ? width : 2 * width
    let rows = (0..<to).map { i in
      let centre = (Double(i) + 0.5) * step
      let columns = Swift.max(Int(centre - reach + 0.5), 0)..<Swift.min(Int(centre + reach + 0.5), from)
      let weights = columns.map { column in
        let distance = (Double(column) + 0.5 - centre) / width
        return interpolation == .linear ? Swift.max(1 - abs(distance), 0) : keys(distance, a: -0.5)
      }
      let sum = weights.reduce(0, +)
      return zip(columns, weights).compactMap { $1 == 0 ? nil : (column: $0, weight: $1 / sum) }
    }
    return AxisMap(from: from, rows: rows)
  }

  /// Keys' weight of a pixel that far away.
  private func keys(_ distance: Double, a: Double) -> Double {
    let d = abs(distance)
    if d < 1 { return ((a + 2) * d - (a + 3)) * d * d + 1 }
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0
  }
}
