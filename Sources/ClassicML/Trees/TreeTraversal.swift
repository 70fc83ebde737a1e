import DataPipelines
import TensorCore

/// Samples on their way from the roots of trees to the leaves.
enum TreeTraversal {
  /// The leaf of each sample.
  static func leaves(of tree: DecisionTree, _ x: Tensor) -> [Int] {
    let (rows, width) = (x.shape[0], x.shape[1])
    func leaves<Scalar: BinaryFloatingPoint>(_ x: UnsafeBufferPointer<Scalar>) -> [Int] {
      tree.nodes.withUnsafeBufferPointer { nodes in
        (0..<rows).map { row in leaf(nodes, x, row * width) }
      }
    }
    return x.dtype == .float32
      ? x.withUnsafeBuffer(of: Float.self) { leaves($0) } : x.withUnsafeBuffer(of: Double.self) { leaves($0) }
  }

  /// The mean of what trees say of each sample, float64 [samples, outputs], by several threads.
  ///
  /// - Parameter says: Whether a tree is asked for a sample; all are if it is missing. Samples that no tree is asked for get NaN.
  static func means(
    of trees: [DecisionTree], outputs: Int, _ x: Tensor, says: (@Sendable (_ tree: Int, _ row: Int) -> Bool)? = nil
  ) -> Tensor {
    let rows = x.shape[0]
    let size = 256
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
    for (number, tree) in trees.enumerated() {
      tree.nodes.withUnsafeBufferPointer { nodes in
        tree.values.withUnsafeBuffer(of: Double.self) { values in
          for row in block where says?(number, row) ?? true {
            let place = row - block.lowerBound
            let leaf = leaf(nodes, x, row &* width)
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

  @inline(__always)
  private static func leaf<Scalar: BinaryFloatingPoint>(
    _ nodes: UnsafeBufferPointer<TreeNode>, _ x: UnsafeBufferPointer<Scalar>, _ start: Int
  ) -> Int {
    var number = 0
    while true {
      let node = nodes[number]
      if node.rawFeature < 0 { return number }
      number = Double(x[start &+ Int(node.rawFeature)]) <= node.cut ? number &+ 1 : Int(node.right)
    }
  }
}
