/// Sums of the targets in a node. A part with the weight w and the sum of targets s = Σwy scores s²/w, for its sum of squared errors is Σwy² − s²/w.
///
/// Targets are counted from their mean, so that a large one costs no digits.
final class NumberStatistics: NodeStatistics {
  let outputs = 1
  private let targets: [Double]
  private let weights: [Double]
  private let mean: Double

  private var count = 0
  private var weight = 0.0
  private var sum = 0.0
  /// Of the node's samples, one after another: their weights, and these times their targets.
  private let sampleWeights: UnsafeMutablePointer<Double>
  private let sampleSums: UnsafeMutablePointer<Double>
  /// Of each rank: how many samples, their weights, and these times their targets.
  private let rankCounts: UnsafeMutablePointer<Int32>
  private let rankWeights: UnsafeMutablePointer<Double>
  private let rankSums: UnsafeMutablePointer<Double>

  /// - Parameters:
  ///   - targets: Each sample's, less `mean`.
  ///   - weights: Each sample's weight, above 0 for those that are entered.
  ///   - capacity: The largest node.
  init(targets: [Double], mean: Double, weights: [Double], capacity: Int) {
    (self.targets, self.mean, self.weights) = (targets, mean, weights)
    sampleWeights = .allocate(capacity: capacity)
    sampleSums = .allocate(capacity: capacity)
    let cells = TreeGrower.mostCells(samples: capacity)
    rankCounts = .allocate(capacity: cells)
    rankWeights = .allocate(capacity: cells)
    rankSums = .allocate(capacity: cells)
  }

  deinit {
    sampleWeights.deallocate()
    sampleSums.deallocate()
    rankCounts.deallocate()
    rankWeights.deallocate()
    rankSums.deallocate()
  }

  func enter(_ samples: UnsafeBufferPointer<UInt32>) -> (weight: Double, impurity: Double) {
    (count, weight, sum) = (samples.count, 0, 0)
    var squares = 0.0
    targets.withUnsafeBufferPointer { targets in
      weights.withUnsafeBufferPointer { weights in
        for position in 0..<count {
          let (y, w) = (targets[Int(samples[position])], weights[Int(samples[position])])
          (sampleWeights[position], sampleSums[position]) = (w, w * y)
          weight += w
          sum += w * y
          squares += w * y * y
        }
      }
    }
    let mean = sum / weight
    return (weight, max(0, squares / weight - mean * mean))
  }

  func appendValue(to values: inout [Double]) { values.append(mean + sum / weight) }

  func bestBoundary(
    counting ranks: UnsafePointer<UInt32>, from low: UInt32, range: Int, minimumInLeaf: Int
  ) -> Boundary? {
    rankCounts.initialize(repeating: 0, count: range)
    rankWeights.initialize(repeating: 0, count: range)
    rankSums.initialize(repeating: 0, count: range)
    for position in 0..<count {
      let rank = Int(ranks[position] &- low)
      rankCounts[rank] &+= 1
      rankWeights[rank] += sampleWeights[position]
      rankSums[rank] += sampleSums[position]
    }
    var search = Search(weight: weight, sum: sum)
    var leftCount = 0
    for rank in 0..<range where rankCounts[rank] > 0 {
      if leftCount >= minimumInLeaf && leftCount > 0 && count &- leftCount >= minimumInLeaf { search.cut(before: rank) }
      leftCount &+= Int(rankCounts[rank])
      search.move(rank, weight: rankWeights[rank], sum: rankSums[rank])
    }
    return search.boundary(from: low)
  }

  func bestBoundary(sorted keys: UnsafePointer<UInt64>, from low: UInt32, minimumInLeaf: Int) -> Boundary? {
    var search = Search(weight: weight, sum: sum)
    for position in 0..<count {
      let rank = Int(keys[position] >> 32)
      if rank != search.last && position >= minimumInLeaf && position > 0 && count &- position >= minimumInLeaf {
        search.cut(before: rank)
      }
      let sample = Int(keys[position] & 0xffff_ffff)
      search.move(rank, weight: sampleWeights[sample], sum: sampleSums[sample])
    }
    return search.boundary(from: low)
  }

  func boundary(_ ranks: UnsafePointer<UInt32>, after last: UInt32, minimumInLeaf: Int) -> Boundary? {
    var search = Search(weight: weight, sum: sum)
    var leftCount = 0
    for position in 0..<count where ranks[position] <= last {
      leftCount &+= 1
      search.move(Int(last), weight: sampleWeights[position], sum: sampleSums[position])
    }
    if leftCount < max(1, minimumInLeaf) || count - leftCount < max(1, minimumInLeaf) { return nil }
    search.cut(before: Int(last))
    return search.boundary(from: 0)
  }

  /// The best of the boundaries that samples pass, one after another, on their way to the left.
  private struct Search {
    let weight: Double
    let sum: Double
    private(set) var last = 0
    private var leftWeight = 0.0
    private var leftSum = 0.0
    private var best = -Double.infinity
    private var (bestLast, bestNext) = (0, 0)

    init(weight: Double, sum: Double) { (self.weight, self.sum) = (weight, sum) }

    mutating func move(_ rank: Int, weight: Double, sum: Double) {
      last = rank
      leftWeight += weight
      leftSum += sum
    }

    mutating func cut(before next: Int) {
      let (rightWeight, rightSum) = (weight - leftWeight, sum - leftSum)
      let score = leftSum * leftSum / leftWeight + rightSum * rightSum / rightWeight
      if score > best { (best, bestLast, bestNext) = (score, last, next) }
    }

    func boundary(from low: UInt32) -> Boundary? {
      if best == -.infinity { return nil }
      return Boundary(
        decrease: best - sum * sum / weight, last: low &+ UInt32(bestLast), next: low &+ UInt32(bestNext))
    }
  }
}
