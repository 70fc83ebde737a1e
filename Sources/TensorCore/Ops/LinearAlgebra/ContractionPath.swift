/// In which order `einsum` multiplies its operands, two at a time: the cheapest order for up to eight operands, by
/// dynamic programming over their subsets; above, the pair that leaves the least behind comes next. The cost of a
/// product is the number of its scalar products.
///
/// A step names two places in the list of operands, the smaller first; they are taken out, and their product is put at
/// the end. Shapes are those of the operands. (Pfeifer, Haegeman & Verstraete, "Faster identification of optimal
/// contraction sequences for tensor networks", 2014.)
///
/// ```swift
/// einsumPath("ij,jk,kl->il", [[2, 50], [50, 50], [50, 3]]).map { [$0.0, $0.1] }  // → [[0, 1], [0, 1]]
/// einsumPath("ij,jk,kl->il", [[50, 50], [50, 50], [50, 2]]).map { [$0.0, $0.1] }  // → [[1, 2], [0, 1]]
/// ```
public func einsumPath(_ equation: String, _ shapes: [Shape]) -> [(Int, Int)] {
  ContractionPath(EinsumEquation(equation, shapes)).steps
}

/// See `einsumPath`. Sets of labels are bits of a word.
struct ContractionPath {
  private(set) var steps: [(Int, Int)] = []
  /// The size of the label that each bit stands for.
  private var sizes: [Double] = []
  private var output: UInt64 = 0

  init(_ equation: EinsumEquation) {
    let count = equation.operands.count
    if count < 3 {
      steps = count == 2 ? [(0, 1)] : []
      return
    }
    var bits: [EinsumEquation.Label: Int] = [:]
    func set(_ labels: [EinsumEquation.Label]) -> UInt64 {
      labels.reduce(into: 0) { set, label in
        let bit = bits[label] ?? bits.count
        bits[label] = bit
        if bit == sizes.count { sizes.append(Double(equation.sizes[label] ?? 1)) }
        set |= 1 << UInt64(bit)
      }
    }
    let operands = equation.operands.map(set)
    output = set(equation.output)
    if count <= 8 {
      planBySubsets(operands)
    } else {
      planGreedily(operands)
    }
  }

  /// The product of the sizes of all labels in a set.
  private func size(_ labels: UInt64) -> Double {
    sizes.indices.reduce(1) { labels >> UInt64($1) & 1 == 1 ? $0 * sizes[$1] : $0 }
  }

  private mutating func planBySubsets(_ operands: [UInt64]) {
    let all = (1 << operands.count) - 1
    // What is left of a subset's product: the labels that the output or an operand outside still needs.
    let union = (0...all).map { subset in
      operands.indices.reduce(UInt64(0)) { subset >> $1 & 1 == 1 ? $0 | operands[$1] : $0 }
    }
    let labels = (0...all).map { union[$0] & (union[all & ~$0] | output) }
    var cost = [Double](repeating: .infinity, count: all + 1)
    var first = [Int](repeating: 0, count: all + 1)
    for subset in 1...all {
      if subset & (subset - 1) == 0 {
        cost[subset] = 0
        continue
      }
      // Every split whose first part holds the lowest operand: no split is seen twice.
      let lowest = subset & -subset
      var part = (subset - 1) & subset
      while part > 0 {
        if part & lowest != 0 {
          let rest = subset & ~part
          let total = cost[part] + cost[rest] + size(labels[part] | labels[rest])
          if total < cost[subset] { (cost[subset], first[subset]) = (total, part) }
        }
        part = (part - 1) & subset
      }
    }
    // Parts before wholes; every part has its place in the list of operands as it is by then.
    var list = operands.indices.map { 1 << $0 }
    func place(_ subset: Int) {
      if subset & (subset - 1) == 0 { return }
      let (a, b) = (first[subset], subset & ~first[subset])
      place(a)
      place(b)
      guard let i = list.firstIndex(of: a), let j = list.firstIndex(of: b) else { return }
      steps.append((Swift.min(i, j), Swift.max(i, j)))
      list.remove(at: Swift.max(i, j))
      list.remove(at: Swift.min(i, j))
      list.append(subset)
    }
    place(all)
  }

  private mutating func planGreedily(_ operands: [UInt64]) {
    var list = operands
    while list.count > 1 {
      var best = (growth: Double.infinity, cost: Double.infinity, i: 0, j: 1)
      for i in list.indices {
        for j in (i + 1)..<Swift.max(list.count, i + 1) {
          let growth = size(product(i, j, in: list)) - size(list[i]) - size(list[j])
          let cost = size(list[i] | list[j])
          if (growth, cost) < (best.growth, best.cost) { best = (growth, cost, i, j) }
        }
      }
      let left = product(best.i, best.j, in: list)
      steps.append((best.i, best.j))
      list.remove(at: best.j)
      list.remove(at: best.i)
      list.append(left)
    }
  }

  /// The labels of the product of two places in the list.
  private func product(_ i: Int, _ j: Int, in list: [UInt64]) -> UInt64 {
    let others = list.indices.reduce(output) { $1 == i || $1 == j ? $0 : $0 | list[$1] }
    return (list[i] | list[j]) & others
  }
}
