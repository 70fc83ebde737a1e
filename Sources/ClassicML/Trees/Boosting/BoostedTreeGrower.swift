import DataPipelines
import TensorCore

/// Grows trees leaf by leaf: always the leaf whose split lowers the loss most (Ke et al., "LightGBM", 2017, section 3; Shi, "Best-first decision
/// tree learning", 2007). Of two children, the smaller one's histogram is counted, the other's is the difference to their parent's.
final class BoostedTreeGrower {
  private typealias Sum = SIMD2<Int64>

  private let binned: BinnedSamples
  private let ends: [[Double]]
  private let limits: BoostingLimits
  private let groups: Int

  /// All samples, those of a leaf together and ascending.
  private let samples: UnsafeMutablePointer<UInt32>
  private let passed: UnsafeMutablePointer<UInt32>
  /// Gradients of a leaf's samples, one after another.
  private let ordered: UnsafeMutablePointer<Sum>
  /// Histograms that no leaf needs, for the next ones.
  private var free: [UnsafeMutablePointer<Sum>] = []
  private var allocated: [UnsafeMutablePointer<Sum>] = []

  init(_ binned: BinnedSamples, ends: [[Double]], _ limits: BoostingLimits) {
    (self.binned, self.ends, self.limits) = (binned, ends, limits)
    groups = binned.stride / BinnedSamples.group
    samples = .allocate(capacity: binned.sampleCount)
    passed = .allocate(capacity: binned.sampleCount)
    ordered = .allocate(capacity: binned.sampleCount)
  }

  deinit {
    samples.deallocate()
    passed.deallocate()
    ordered.deallocate()
    for histogram in allocated { histogram.deallocate() }
  }

  private struct Leaf {
    let node: Int
    let range: Range<Int>
    let depth: Int
    let sum: Sum
    let histogram: UnsafeMutablePointer<Sum>
    let split: BinSplit
  }

  /// A tree, with the node that each run of ``withSamples(_:_:)`` belongs to.
  func grow(_ gradients: FixedGradients) -> (tree: BoostedTree, leaves: [(node: Int, range: Range<Int>)]) {
    let count = binned.sampleCount
    for sample in 0..<count { samples[sample] = UInt32(truncatingIfNeeded: sample) }
    let reader = gradients.reader
    let total = gradients.values.reduce(.zero, &+)
    var nodes = [BoostedTree.Node(value: value(total, reader))]
    var done: [(node: Int, range: Range<Int>)] = []
    var open: [Leaf] = []
    let root = takeHistogram()
    if let split = searchRoot(root, total, gradients) {
      open.append(Leaf(node: 0, range: 0..<count, depth: 0, sum: total, histogram: root, split: split))
    } else {
      done.append((0, 0..<count))
      free.append(root)
    }
    while let place = open.indices.max(by: { (open[$0].split.gain, $1) < (open[$1].split.gain, $0) }),
      open.count + done.count < limits.maximumLeaves
    {
      let leaf = open.remove(at: place)
      let split = leaf.split
      let middle = partition(leaf.range, split)
      let ranges = [leaf.range.lowerBound..<middle, middle..<leaf.range.upperBound]
      let sums = [split.left, leaf.sum &- split.left]
      // Where nothing was missing, what will be goes with the many.
      let sendsMissingLeft =
        binned.hasMissing[split.feature] ? split.sendsMissingLeft : ranges[0].count > ranges[1].count
      let last = split.bin == ends[split.feature].count
      nodes[leaf.node].feature = Int32(split.feature)
      nodes[leaf.node].threshold = last ? .infinity : ends[split.feature][split.bin]
      nodes[leaf.node].sendsMissingLeft = sendsMissingLeft
      (nodes[leaf.node].left, nodes[leaf.node].right) = (Int32(nodes.count), Int32(nodes.count + 1))
      let children = [nodes.count, nodes.count + 1]
      nodes += sums.map { BoostedTree.Node(value: value($0, reader)) }

      let isFull = open.count + done.count + 2 >= limits.maximumLeaves || leaf.depth + 1 >= limits.maximumDepth
      let mayGrow = ranges.map { !isFull && $0.count >= 2 * limits.minimumSamplesInLeaf }
      if !mayGrow.contains(true) {
        done += zip(children, ranges).map { ($0, $1) }
        free.append(leaf.histogram)
        continue
      }
      let small = ranges[0].count <= ranges[1].count ? 0 : 1
      let own = takeHistogram()
      let histograms = small == 0 ? [own, leaf.histogram] : [leaf.histogram, own]
      let splits = search(
        histograms, small: small, sums, ranges[small], mayGrow, gradients)
      for side in 0..<2 {
        if let split = splits[side] {
          open.append(
            Leaf(
              node: children[side], range: ranges[side], depth: leaf.depth + 1, sum: sums[side],
              histogram: histograms[side], split: split))
        } else {
          done.append((children[side], ranges[side]))
          free.append(histograms[side])
        }
      }
    }
    done += open.map { ($0.node, $0.range) }
    free += open.map(\.histogram)
    return (BoostedTree(nodes: nodes, featureCount: binned.featureCount), done)
  }

  /// Calls `body` with the samples of a leaf.
  func withSamples(_ range: Range<Int>, _ body: (UnsafeBufferPointer<UInt32>) -> Void) {
    body(UnsafeBufferPointer(start: samples + range.lowerBound, count: range.count))
  }

  /// −G/(H + λ), where the loss is lowest to the second order, times the learning rate.
  private func value(_ sum: Sum, _ reader: SumReader) -> Double {
    -reader.gradient(sum) / (reader.curvature(sum) + limits.regularization + 1e-15) * limits.learningRate
  }

  private func takeHistogram() -> UnsafeMutablePointer<Sum> {
    if let histogram = free.popLast() { return histogram }
    let histogram = UnsafeMutablePointer<Sum>.allocate(capacity: binned.stride * GradientHistogram.binsPerFeature)
    allocated.append(histogram)
    return histogram
  }

  private func partition(_ range: Range<Int>, _ split: BinSplit) -> Int {
    let own = samples + range.lowerBound
    let bin = UInt8(split.bin)
    let missing: UInt8 = split.sendsMissingLeft ? FeatureBins.missing : 0
    let (stride, count) = (binned.stride, range.count)
    return binned.bins.withUnsafeBufferPointer { bins in
      var (left, right) = (0, 0)
      for position in 0..<count {
        let sample = own[position]
        let code = bins[Int(sample) &* stride &+ split.feature]
        own[left] = sample
        passed[right] = sample
        let goesLeft = code <= bin || (missing != 0 && code == missing) ? 1 : 0
        left &+= goesLeft
        right &+= 1 &- goesLeft
      }
      (own + left).update(from: passed, count: right)
      return range.lowerBound + left
    }
  }

  // MARK: - Histograms and splits

  private func searchRoot(_ histogram: UnsafeMutablePointer<Sum>, _ sum: Sum, _ gradients: FixedGradients) -> BinSplit?
  {
    if limits.maximumLeaves < 2 || binned.sampleCount < 2 * limits.minimumSamplesInLeaf { return nil }
    return search([histogram, nil], small: 0, [sum, sum], 0..<binned.sampleCount, [true, false], gradients)[0]
  }

  /// Fills the histogram of the smaller child by counting, the other's (its parent's until now) by subtraction, and finds the best split of both.
  private func search(
    _ histograms: [UnsafeMutablePointer<Sum>?], small: Int, _ sums: [Sum], _ range: Range<Int>, _ mayGrow: [Bool],
    _ gradients: FixedGradients
  ) -> [BinSplit?] {
    let (reader, count, limits, binned) = (gradients.reader, range.count, limits, binned)
    // The tasks below write to different parts of the histograms, and only read the rest.
    nonisolated(unsafe) let (own, ordered) = (samples + range.lowerBound, ordered)
    nonisolated(unsafe) let histograms = histograms
    gradients.values.withUnsafeBufferPointer { all in
      for position in 0..<count { ordered[position] = all[Int(own[position])] }
    }
    let size = BinnedSamples.group * GradientHistogram.binsPerFeature
    // Starting threads costs as much as some ten thousand additions.
    let threads = count * binned.stride > 50_000 ? Runtime.threads : 1
    let found = ParallelMap.map(count: groups, threads: threads) { group -> [BinSplit?] in
      binned.bins.withUnsafeBufferPointer { bins -> Void in
        guard let bins = bins.baseAddress, let counted = histograms[small] else { return }
        let cells = counted + group * size
        GradientHistogram.fill(
          cells, bins, stride: binned.stride, group: group, samples: own, gradients: ordered, count: count)
        if let other = histograms[1 - small] { GradientHistogram.subtract(cells, from: other + group * size) }
      }
      return (0..<2).map { side -> BinSplit? in
        guard mayGrow[side], let histogram = histograms[side] else { return nil }
        var best: BinSplit?
        let features = group * BinnedSamples.group..<min((group + 1) * BinnedSamples.group, binned.featureCount)
        for feature in features {
          let split = BinSplit.best(
            of: histogram + feature * GradientHistogram.binsPerFeature, feature: feature, bins: binned.counts[feature],
            hasMissing: binned.hasMissing[feature], total: sums[side], reader, limits)
          if let split, split.gain > best?.gain ?? 0 { best = split }
        }
        return best
      }
    }
    return (0..<2).map { side in
      found.map { $0[side] }.reduce(nil) { best, split in
        guard let split else { return best }
        return split.gain > best?.gain ?? 0 ? split : best
      }
    }
  }
}
