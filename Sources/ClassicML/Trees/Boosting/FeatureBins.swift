import DataPipelines
import TensorCore

/// Values of features in bins: a value falls into the first bin whose upper end it does not exceed, a missing one into a bin of its own.
struct FeatureBins: Sendable {
  /// The bin of missing values; those of values lie below it.
  static let missing: UInt8 = 255

  /// Of each feature, the upper ends of its bins but the last one, ascending.
  let ends: [[Double]]

  /// Ends between each two distinct values where there are no more than `limit`, else at quantiles, with each two values around one averaged; from
  /// no more than 200,000 samples, spread evenly by a permutation.
  init(of x: Tensor, limit: Int, seed: UInt64) {
    let (rows, width) = (x.shape[0], x.shape[1])
    let most = 200_000
    let permutation = rows > most ? Tensor.permutation(rows, using: RandomGenerator(seed: seed)) : nil
    let chosen = permutation?[0..<most].scalars(as: Int.self).sorted()
    ends = ParallelMap.map(count: width, threads: Runtime.threads) { feature in
      let column = x[.all, feature].cast(to: .float64).contiguous()
      return column.withUnsafeBuffer(of: Double.self) { values in
        let all = chosen.map { $0.map { values[$0] } } ?? Array(values)
        return Self.ends(all.filter { !$0.isNaN }.sorted(), limit: limit)
      }
    }
  }

  private static func ends(_ values: [Double], limit: Int) -> [Double] {
    var distinct: [Double] = []
    for value in values where value != distinct.last { distinct.append(value) }
    if distinct.count <= limit { return zip(distinct, distinct.dropFirst()).map { $0 / 2 + $1 / 2 } }
    var ends: [Double] = []
    for number in 1..<limit {
      // The inverse of the empirical distribution, averaged where it jumps (definition 2 of Hyndman & Fan, "Sample quantiles in statistical
      // packages", 1996).
      let (whole, rest) = (number * values.count).quotientAndRemainder(dividingBy: limit)
      let end = rest == 0 ? values[whole - 1] / 2 + values[whole] / 2 : values[whole]
      if end != ends.last { ends.append(end) }
    }
    return ends
  }

  /// The bins of samples.
  func bins(of x: Tensor) -> BinnedSamples {
    let (rows, width) = (x.shape[0], x.shape[1])
    let stride = (width + BinnedSamples.group - 1) / BinnedSamples.group * BinnedSamples.group
    let size = 4096
    let parts = ParallelMap.map(count: (rows + size - 1) / size, threads: Runtime.threads) { part in
      let block = part * size..<min((part + 1) * size, rows)
      return x.dtype == .float32
        ? x.withUnsafeBuffer(of: Float.self) { bins($0, width, stride, block) { Double($0) } }
        : x.withUnsafeBuffer(of: Double.self) { bins($0, width, stride, block) { $0 } }
    }
    var isMissing = [Bool](repeating: false, count: width)
    for part in parts {
      for (feature, holds) in part.missing.enumerated() where holds { isMissing[feature] = true }
    }
    return BinnedSamples(
      sampleCount: rows, featureCount: width, stride: stride, bins: Array(parts.map(\.bins).joined()),
      hasMissing: isMissing, counts: ends.map { $0.count + 1 })
  }

  private func bins<Scalar>(
    _ x: UnsafeBufferPointer<Scalar>, _ width: Int, _ stride: Int, _ block: Range<Int>, _ double: (Scalar) -> Double
  ) -> (bins: [UInt8], missing: [Bool]) {
    var bins = [UInt8](repeating: 0, count: block.count * stride)
    var missing = [Bool](repeating: false, count: width)
    bins.withUnsafeMutableBufferPointer { bins in
      for feature in 0..<width {
        ends[feature].withUnsafeBufferPointer { ends in
          for row in block {
            let value = double(x[row &* width &+ feature])
            let place = (row &- block.lowerBound) &* stride &+ feature
            if value.isNaN {
              bins[place] = Self.missing
              missing[feature] = true
              continue
            }
            // The first end that the value does not exceed, without branches on the values.
            var (low, count) = (0, ends.count)
            while count > 0 {
              let half = count >> 1
              let isAbove = ends[low &+ half] < value
              low = isAbove ? low &+ half &+ 1 : low
              count = isAbove ? count &- half &- 1 : half
            }
            bins[place] = UInt8(truncatingIfNeeded: low)
          }
        }
      }
    }
    return (bins, missing)
  }
}

/// Samples by the bins of their features.
struct BinnedSamples: Sendable {
  /// As many features as are added up at once: four bytes, one read.
  static let group = 4

  let sampleCount: Int
  let featureCount: Int
  /// The bytes of a sample: a multiple of the group.
  let stride: Int
  /// [samples, stride]
  let bins: [UInt8]
  /// Whether a feature has missing values.
  let hasMissing: [Bool]
  /// How many bins a feature has, without that of missing values.
  let counts: [Int]
}
