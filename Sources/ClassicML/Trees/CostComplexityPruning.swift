import TensorCore

/// Minimal cost-complexity pruning: with R(T) the impurity of a tree's leaves, weighted by their shares of the samples, the subtree with the smallest
/// R(T) + α·leaves. As α grows, the branch goes whose nodes t gain least for each leaf, g(t) = (R(t) − R(Tₜ))/(leaves of Tₜ − 1): the weakest link
/// (Breiman et al., "Classification and Regression Trees", 1984, section 3.3).
public struct CostComplexityPruning: Sendable {
  /// The values of α at which a branch goes, ascending; the first is 0, the whole tree. [steps]
  public let alphas: Tensor
  /// R(T) from each α on. [steps]
  public let impurities: Tensor

  private let tree: DecisionTree
  /// Each step's g(t), and the node that becomes a leaf.
  private let steps: [(alpha: Double, node: Int)]

  init(of tree: DecisionTree) {
    let nodes = tree.nodes
    let own = nodes.map { $0.weight * $0.impurity / nodes[0].weight }
    // From the last node to the first, children come before their parents.
    var (branch, leaves) = (own, [Int](repeating: 1, count: nodes.count))
    var parents = [Int?](repeating: nil, count: nodes.count)
    for number in nodes.indices.reversed() {
      guard let right = nodes[number].rightChild else { continue }
      branch[number] = branch[number + 1] + branch[right]
      leaves[number] = leaves[number + 1] + leaves[right]
      (parents[number + 1], parents[right]) = (number, number)
    }
    var candidates = Set(nodes.indices.filter { !nodes[$0].isLeaf })
    var steps: [(alpha: Double, node: Int)] = []
    var impurities = [branch[0]]
    func gain(_ node: Int) -> Double { (own[node] - branch[node]) / Double(leaves[node] - 1) }
    while let weakest = candidates.min(by: { (gain($0), $0) < (gain($1), $1) }) {
      steps.append((gain(weakest), weakest))
      var gone = [weakest]
      while let number = gone.popLast() {
        guard candidates.remove(number) != nil, let right = nodes[number].rightChild else { continue }
        gone += [number + 1, right]
      }
      let (lostLeaves, rise) = (leaves[weakest] - 1, own[weakest] - branch[weakest])
      var above: Int? = weakest
      while let number = above {
        leaves[number] -= lostLeaves
        branch[number] += rise
        above = parents[number]
      }
      impurities.append(branch[0])
    }
    (self.tree, self.steps) = (tree, steps)
    alphas = Tensor([0] + steps.map(\.alpha), shape: [steps.count + 1], dtype: .float64)
    self.impurities = Tensor(impurities, shape: [impurities.count], dtype: .float64)
  }

  /// The tree without the branches whose g(t) is at most α.
  func pruned(by alpha: Double) -> DecisionTree {
    tree.cut(at: Set(steps.prefix { $0.alpha <= alpha }.map(\.node)))
  }
}
