import Foundation

/// Weights of the classes in a node. With c the weight of a class and w = Σc, a part scores Σc²/w (Gini) or Σc·log₂c − w·log₂w (entropy): in both
/// cases w·impurity less that score is the same for all ways to cut a node.
final class ClassStatistics: NodeStatistics {
  let outputs: Int
  private let criterion: ClassificationCriterion
  private let classes: [Int32]
  private let weights: [Double]

  private var count = 0
  private var weight = 0.0
  private var score = 0.0
  /// Of the node's samples, one after another.
  private let labels: UnsafeMutablePointer<Int32>
  private let sampleWeights: UnsafeMutablePointer<Double>
  /// The classes' weights in the node, and on the left and right of a boundary.
  private let totals: UnsafeMutablePointer<Double>
  private let left: UnsafeMutablePointer<Double>
  private let right: UnsafeMutablePointer<Double>
  /// Of each rank: how many samples, and the classes' weights.
  private let rankCounts: UnsafeMutablePointer<Int32>
  private let rankWeights: UnsafeMutablePointer<Double>

  /// - Parameters:
  ///   - classes: Each sample's class, from 0 below `classCount`.
  ///   - weights: Each sample's weight, above 0 for those that are entered.
  ///   - capacity: The largest node.
  init(
    _ criterion: ClassificationCriterion, classes: [Int32], classCount: Int, weights: [Double], capacity: Int
  ) {
    (self.criterion, self.classes, self.weights, outputs) = (criterion, classes, weights, classCount)
    labels = .allocate(capacity: capacity)
    sampleWeights = .allocate(capacity: capacity)
    totals = .allocate(capacity: classCount)
    left = .allocate(capacity: classCount)
    right = .allocate(capacity: classCount)
    let cells = TreeGrower.mostCells(samples: capacity)
    rankCounts = .allocate(capacity: cells)
    rankWeights = .allocate(capacity: cells)
  }

  deinit {
    labels.deallocate()
    sampleWeights.deallocate()
    totals.deallocate()
    left.deallocate()
    right.deallocate()
    rankCounts.deallocate()
    rankWeights.deallocate()
  }

  func enter(_ samples: UnsafeBufferPointer<UInt32>) -> (weight: Double, impurity: Double) {
    (count, weight) = (samples.count, 0)
    totals.initialize(repeating: 0, count: outputs)
    classes.withUnsafeBufferPointer { classes in
      weights.withUnsafeBufferPointer { weights in
        for position in 0..<count {
          let (label, w) = (classes[Int(samples[position])], weights[Int(samples[position])])
          (labels[position], sampleWeights[position]) = (label, w)
          totals[Int(label)] += w
          weight += w
        }
      }
    }
    score = score(totals, weight)
    switch criterion {
    case .gini:
      var squares = 0.0
      for label in 0..<outputs { squares += (totals[label] / weight) * (totals[label] / weight) }
      return (weight, 1 - squares)
    case .entropy: return (weight, max(0, -score / weight))
    }
  }

  func appendValue(to values: inout [Double]) {
    for label in 0..<outputs { values.append(totals[label] / weight) }
  }

  func bestBoundary(
    counting ranks: UnsafePointer<UInt32>, from low: UInt32, range: Int, minimumInLeaf: Int
  ) -> Boundary? {
    rankCounts.initialize(repeating: 0, count: range)
    rankWeights.initialize(repeating: 0, count: range * outputs)
    for position in 0..<count {
      let rank = Int(ranks[position] &- low)
      rankCounts[rank] &+= 1
      rankWeights[rank &* outputs &+ Int(labels[position])] += sampleWeights[position]
    }
    left.initialize(repeating: 0, count: outputs)
    var (leftCount, leftWeight, last) = (0, 0.0, 0)
    var (best, bestLast, bestNext) = (-Double.infinity, 0, 0)
    for rank in 0..<range where rankCounts[rank] > 0 {
      if leftCount >= minimumInLeaf && leftCount > 0 && count &- leftCount >= minimumInLeaf {
        let score = boundaryScore(leftWeight)
        if score > best { (best, bestLast, bestNext) = (score, last, rank) }
      }
      leftCount &+= Int(rankCounts[rank])
      for label in 0..<outputs {
        let w = rankWeights[rank &* outputs &+ label]
        left[label] += w
        leftWeight += w
      }
      last = rank
    }
    return found(best, bestLast, bestNext, low)
  }

  func bestBoundary(sorted keys: UnsafePointer<UInt64>, from low: UInt32, minimumInLeaf: Int) -> Boundary? {
    left.initialize(repeating: 0, count: outputs)
    var (leftWeight, leftSquares, rightSquares) = (0.0, 0.0, 0.0)
    for label in 0..<outputs { rightSquares += totals[label] * totals[label] }
    var (best, bestLast, bestNext, last) = (-Double.infinity, 0, 0, 0)
    for position in 0..<count {
      let rank = Int(keys[position] >> 32)
      if rank != last && position >= minimumInLeaf && position > 0 && count &- position >= minimumInLeaf {
        let score =
          switch criterion {
          case .gini: leftSquares / leftWeight + rightSquares / (weight - leftWeight)
          case .entropy: boundaryScore(leftWeight)
          }
        if score > best { (best, bestLast, bestNext) = (score, last, rank) }
      }
      last = rank
      let sample = Int(keys[position] & 0xffff_ffff)
      let (label, w) = (Int(labels[sample]), sampleWeights[sample])
      // (c + w)² − c² = w(2c + w), so that only the class that moves is counted anew.
      leftSquares += w * (2 * left[label] + w)
      rightSquares -= w * (2 * (totals[label] - left[label]) - w)
      left[label] += w
      leftWeight += w
    }
    return found(best, bestLast, bestNext, low)
  }

  func boundary(_ ranks: UnsafePointer<UInt32>, after last: UInt32, minimumInLeaf: Int) -> Boundary? {
    left.initialize(repeating: 0, count: outputs)
    var (leftCount, leftWeight) = (0, 0.0)
    for position in 0..<count where ranks[position] <= last {
      leftCount &+= 1
      left[Int(labels[position])] += sampleWeights[position]
      leftWeight += sampleWeights[position]
    }
    if leftCount < max(1, minimumInLeaf) || count - leftCount < max(1, minimumInLeaf) { return nil }
    return Boundary(decrease: boundaryScore(leftWeight) - score, last: last, next: last)
  }

  private func found(_ best: Double, _ last: Int, _ next: Int, _ low: UInt32) -> Boundary? {
    if best == -.infinity { return nil }
    return Boundary(decrease: best - score, last: low &+ UInt32(last), next: low &+ UInt32(next))
  }

  /// Of the parts on both sides, by what is in `left`.
  private func boundaryScore(_ leftWeight: Double) -> Double {
    for label in 0..<outputs { right[label] = totals[label] - left[label] }
    return score(left, leftWeight) + score(right, weight - leftWeight)
  }

  private func score(_ classes: UnsafePointer<Double>, _ weight: Double) -> Double {
    var sum = 0.0
    switch criterion {
    case .gini:
      for label in 0..<outputs { sum += classes[label] * classes[label] }
      return sum / weight
    case .entropy:
      for label in 0..<outputs where classes[label] > 0 { sum += classes[label] * log2(classes[label]) }
      return sum - weight * log2(weight)
    }
  }
}
