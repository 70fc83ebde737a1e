import DataPipelines
import TensorCore

/// Samples whose features are replaced by their ranks among the feature's distinct values. Where a tree splits depends on the order of values alone, so it
/// is grown from small whole numbers, which are counted or sorted faster than the values. One such table serves all trees of a forest.
struct FeatureRanks: Sendable {
  let sampleCount: Int
  let featureCount: Int
  /// Each feature's distinct values, ascending.
  let values: [[Double]]
  /// The bytes that each rank takes: 1, 2 or 4, as all of them need.
  private let size: Int
  /// [features, samples]: for nodes with many samples.
  private let byFeature: [UInt8]
  /// [samples, features]: for nodes with few samples, whose rows stay in the cache from a node to its children.
  private let bySample: [UInt8]

  init(_ x: Tensor) {
    let (rows, width) = (x.shape[0], x.shape[1])
    // As many features at once as share a cache line.
    let group = 8
    let parts = ParallelMap.map(count: (width + group - 1) / group, threads: Runtime.threads) { part in
      let features = part * group..<min((part + 1) * group, width)
      return x.dtype == .float32
        ? x.withUnsafeBuffer(of: Float.self) { Self.ranked($0, rows: rows, width: width, features) { Double($0) } }
        : x.withUnsafeBuffer(of: Double.self) { Self.ranked($0, rows: rows, width: width, features) { $0 } }
    }
    (sampleCount, featureCount) = (rows, width)
    values = parts.flatMap { $0.map(\.values) }
    let most = values.map(\.count).max() ?? 0
    size = most <= 1 << 8 ? 1 : most <= 1 << 16 ? 2 : 4
    let columns = parts.flatMap { $0.map(\.ranks) }
    (byFeature, bySample) =
      switch size {
      case 1: Self.tables(columns, rows: rows, of: UInt8.self)
      case 2: Self.tables(columns, rows: rows, of: UInt16.self)
      default: Self.tables(columns, rows: rows, of: UInt32.self)
      }
  }

  /// Calls `body` with the ranks in memory.
  func withPointers<Result>(_ body: (RankPointers) -> Result) -> Result {
    byFeature.withUnsafeBytes { byFeature in
      bySample.withUnsafeBytes { bySample in
        guard let byFeature = byFeature.baseAddress, let bySample = bySample.baseAddress else {
          stop("FeatureRanks", "no samples", fix: "check that there are some")
        }
        return body(
          RankPointers(
            sampleCount: sampleCount, featureCount: featureCount, size: size, byFeature: byFeature, bySample: bySample))
      }
    }
  }

  private static func ranked<Scalar>(
    _ x: UnsafeBufferPointer<Scalar>, rows: Int, width: Int, _ features: Range<Int>, _ double: (Scalar) -> Double
  ) -> [(values: [Double], ranks: RankColumn)] {
    let sorter = KeySorter(capacity: rows)
    let keys = UnsafeMutablePointer<UInt64>.allocate(capacity: rows * features.count)
    let ranks = UnsafeMutablePointer<UInt32>.allocate(capacity: rows)
    defer {
      keys.deallocate()
      ranks.deallocate()
    }
    for row in 0..<rows {
      for (place, feature) in features.enumerated() {
        keys[place * rows + row] = orderedBits(double(x[row * width + feature]))
      }
    }
    return features.indices.map { feature in
      let place = feature - features.lowerBound
      let own = keys + place * rows
      let order = sorter.order(own, count: rows)
      var values: [Double] = []
      var last: UInt64 = 0
      for position in 0..<rows {
        let key = own[Int(order[position])]
        if position == 0 || key != last {
          values.append(self.value(ofOrderedBits: key))
          last = key
        }
        ranks[Int(order[position])] = UInt32(values.count - 1)
      }
      return (values, RankColumn(UnsafeBufferPointer(start: ranks, count: rows), below: values.count))
    }
  }

  /// Whole numbers in the order of the values; −0 is 0.
  private static func orderedBits(_ value: Double) -> UInt64 {
    let bits = (value + 0).bitPattern
    return bits >> 63 == 1 ? ~bits : bits | 1 << 63
  }

  private static func value(ofOrderedBits bits: UInt64) -> Double {
    Double(bitPattern: bits >> 63 == 1 ? bits & ~(1 << 63) : ~bits)
  }

  private static func tables<Rank: FixedWidthInteger>(
    _ columns: [RankColumn], rows: Int, of type: Rank.Type
  ) -> (byFeature: [UInt8], bySample: [UInt8]) {
    let (width, size) = (columns.count, MemoryLayout<Rank>.size)
    let byFeature = [UInt8](unsafeUninitializedCapacity: rows * width * size) { bytes, count in
      let table = UnsafeMutableRawBufferPointer(bytes).bindMemory(to: Rank.self)
      for (feature, column) in columns.enumerated() {
        let start = feature * rows
        switch column {
        case .bytes(let ranks): for row in 0..<rows { table[start + row] = Rank(truncatingIfNeeded: ranks[row]) }
        case .shorts(let ranks): for row in 0..<rows { table[start + row] = Rank(truncatingIfNeeded: ranks[row]) }
        case .words(let ranks): for row in 0..<rows { table[start + row] = Rank(truncatingIfNeeded: ranks[row]) }
        }
      }
      count = rows * width * size
    }
    let bySample = [UInt8](unsafeUninitializedCapacity: rows * width * size) { bytes, count in
      let table = UnsafeMutableRawBufferPointer(bytes).bindMemory(to: Rank.self)
      byFeature.withUnsafeBytes { byFeature in
        let columns = byFeature.bindMemory(to: Rank.self)
        // Tiles of rows, so that what is written stays in the cache until its neighbours come.
        for start in stride(from: 0, to: rows, by: 64) {
          for feature in 0..<width {
            for row in start..<min(start + 64, rows) { table[row * width + feature] = columns[feature * rows + row] }
          }
        }
      }
      count = rows * width * size
    }
    return (byFeature, bySample)
  }
}

/// One feature's ranks in as few bytes as hold them.
private enum RankColumn: Sendable {
  case bytes([UInt8])
  case shorts([UInt16])
  case words([UInt32])

  init(_ ranks: UnsafeBufferPointer<UInt32>, below limit: Int) {
    self =
      if limit <= 1 << 8 {
        .bytes(ranks.map { UInt8(truncatingIfNeeded: $0) })
      } else if limit <= 1 << 16 {
        .shorts(ranks.map { UInt16(truncatingIfNeeded: $0) })
      } else {
        .words(Array(ranks))
      }
  }
}

/// The ranks of ``FeatureRanks`` in memory, while a tree is grown.
struct RankPointers {
  let sampleCount: Int
  let featureCount: Int
  let size: Int
  let byFeature: UnsafeRawPointer
  let bySample: UnsafeRawPointer

  /// Writes the ranks that some samples have in one feature, and returns the lowest and the highest.
  func gather(
    _ feature: Int, of samples: UnsafeBufferPointer<UInt32>, into ranks: UnsafeMutablePointer<UInt32>
  ) -> ClosedRange<UInt32> {
    switch size {
    case 1: gather(feature, samples, ranks, of: UInt8.self)
    case 2: gather(feature, samples, ranks, of: UInt16.self)
    default: gather(feature, samples, ranks, of: UInt32.self)
    }
  }

  private func gather<Rank: FixedWidthInteger & UnsignedInteger>(
    _ feature: Int, _ samples: UnsafeBufferPointer<UInt32>, _ ranks: UnsafeMutablePointer<UInt32>, of type: Rank.Type
  ) -> ClosedRange<UInt32> {
    // Below this share of all samples, those of a node seldom share a cache line of a column.
    let isSmall = samples.count &* 16 < sampleCount
    let all = (isSmall ? bySample : byFeature).assumingMemoryBound(to: Rank.self)
    let (start, step) = isSmall ? (feature, featureCount) : (feature &* sampleCount, 1)
    var (low, high) = (UInt32.max, UInt32.min)
    for position in 0..<samples.count {
      let rank = UInt32(truncatingIfNeeded: all[start &+ Int(samples[position]) &* step])
      ranks[position] = rank
      low = min(low, rank)
      high = max(high, rank)
    }
    return low...high
  }
}
