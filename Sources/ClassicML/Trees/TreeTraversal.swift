import DataPipelines
import TensorCore

/// Samples on their way from the roots of trees to the leaves.
enum TreeTraversal {
  /// The leaf of each sample.
  static func leaves(of tree: DecisionTree, _ x: Tensor) -> [Int] {
    let rows = 0..<x.shape[0]
    var leaves = [Int32](repeating: 0, count: rows.count)
    leaves.withUnsafeMutableBufferPointer { leaves in
      tree.nodes.withUnsafeBufferPointer { nodes in
        if x.dtype == .float32 {
          x.withUnsafeBuffer(of: Float.self) { descend(nodes, $0, x.shape[1], rows, leaves) }
        } else {
          x.withUnsafeBuffer(of: Double.self) { descend(nodes, $0, x.shape[1], rows, leaves) }
        }
      }
    }
    return leaves.map(Int.init)
  }

  /// The mean of what trees say of each sample, float64 [samples, outputs], by several threads.
  ///
  /// - Parameter says: Whether a tree is asked for a sample; all are if it is missing. Samples that no tree is asked for get NaN.
  static func means(
    of trees: [DecisionTree], outputs: Int, _ x: Tensor, says: (@Sendable (_ tree: Int, _ row: Int) -> Bool)? = nil
  ) -> Tensor {
    let rows = x.shape[0]
    // Many samples at once, for which a tree stays in the cache.
    let size = min(4096, max(64, (rows + 15) / 16))
    let parts = ParallelMap.map(count: (rows + size - 1) / size, threads: Runtime.threads) { part in
      let block = part * size..<min((part + 1) * size, rows)
      return x.dtype == .float32
        ? x.withUnsafeBuffer(of: Float.self) { means(trees, outputs, $0, x.shape[1], block, says) }
        : x.withUnsafeBuffer(of: Double.self) { means(trees, outputs, $0, x.shape[1], block, says) }
    }
    return Tensor(Array(parts.joined()), shape: [rows, outputs], dtype: .float64)
  }

  private static func means<Scalar: BinaryFloatingPoint>(
    _ trees: [DecisionTree], _ outputs: Int, _ x: UnsafeBufferPointer<Scalar>, _ width: Int, _ block: Range<Int>,
    _ says: (@Sendable (Int, Int) -> Bool)?
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: block.count * outputs)
    var counts = [Double](repeating: 0, count: block.count)
    var leaves = [Int32](repeating: 0, count: block.count)
    leaves.withUnsafeMutableBufferPointer { leaves in
      for (number, tree) in trees.enumerated() {
        tree.nodes.withUnsafeBufferPointer { descend($0, x, width, block, leaves) }
        tree.values.withUnsafeBuffer(of: Double.self) { values in
          for place in 0..<block.count where says?(number, block.lowerBound + place) ?? true {
            let leaf = Int(leaves[place])
            for output in 0..<outputs { sums[place &* outputs &+ output] += values[leaf &* outputs &+ output] }
            counts[place] += 1
          }
        }
      }
    }
    for place in 0..<block.count {
      for output in 0..<outputs { sums[place * outputs + output] /= counts[place] }
    }
    return sums
  }

  /// Writes the leaf of each of some rows. Eight of them go down side by side, so that the memory is asked for eight nodes at a time; one that has
  /// arrived stays until the last one has.
  private static func descend<Scalar: BinaryFloatingPoint>(
    _ nodes: UnsafeBufferPointer<TreeNode>, _ x: UnsafeBufferPointer<Scalar>, _ width: Int, _ rows: Range<Int>,
    _ leaves: UnsafeMutableBufferPointer<Int32>
  ) {
    for start in stride(from: 0, to: rows.count, by: 8) {
      let places = start..<min(start + 8, rows.count)
      for place in places { leaves[place] = 0 }
      var isMoving = true
      while isMoving {
        isMoving = false
        for place in places {
          let number = leaves[place]
          let node = nodes[Int(number)]
          let isInner = node.rawFeature >= 0
          let value = Double(x[(rows.lowerBound &+ place) &* width &+ Int(max(0, node.rawFeature))])
          let next = value <= node.cut ? number &+ 1 : node.right
          leaves[place] = isInner ? next : number
          isMoving = isMoving || isInner
        }
      }
    }
  }
}
