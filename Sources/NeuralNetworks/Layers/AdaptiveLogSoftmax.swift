import TensorCore

/// The log-softmax over very many classes, with few numbers for rare ones (Grave et al., "Efficient softmax
/// approximation for GPUs", 2017): a head chooses among the most frequent classes and clusters of the others; each
/// cluster has a tail of its own, through fewer and fewer dimensions.
///
/// ln p(c) = ln p(cluster of c) + ln p(c | cluster). Classes are ordered by frequency; `cutoffs` are where clusters
/// begin. Paths are those of PyTorch's `AdaptiveLogSoftmaxWithLoss`: `head.weight`, `tail.0.0.weight`.
///
/// ```swift
/// let layer = AdaptiveLogSoftmax(16, classes: 100, cutoffs: [10, 40])
/// layer.logProbabilities(Tensor.ones([3, 16])).shape  // → [3, 100]
/// layer(Tensor.ones([3, 16]), labels: Tensor([2, 15, 99])).logProbabilities.shape  // → [3]
/// ```
public final class AdaptiveLogSoftmax: Module {
  public let classes: Int
  /// Where each cluster begins, and the number of classes.
  public let cutoffs: [Int]
  /// inputs → the frequent classes, then one score for each cluster.
  public let head: Linear
  /// For each cluster, inputs → fewer dimensions → its classes.
  public let tail: [Sequential]

  /// Cluster k has inputs/shrink^(k + 1) dimensions. Stops unless the cutoffs go up within 1..<classes and every
  /// cluster keeps a dimension.
  public init(
    _ inputs: Int, classes: Int, cutoffs: [Int], shrink: Double = 4, headBias: Bool = false,
    using generator: RandomGenerator = .default
  ) {
    let ends = cutoffs + [classes]
    let widths = cutoffs.indices.map { k in
      Int(Double(inputs) / (0...k).reduce(1) { product, _ in product * shrink })
    }
    guard let first = cutoffs.first, first >= 1, zip(ends, cutoffs.dropFirst() + [classes]).allSatisfy({ $0 < $1 }),
      widths.allSatisfy({ $0 >= 1 })
    else {
      stop(
        "AdaptiveLogSoftmax", "\(inputs) inputs, \(classes) classes, cutoffs \(cutoffs), shrink \(shrink)",
        fix: "use cutoffs that go up, from 1 to below the classes, and enough inputs for the last cluster")
    }
    self.classes = classes
    self.cutoffs = ends
    head = Linear(inputs, first + cutoffs.count, bias: headBias, using: generator)
    tail = cutoffs.indices.map { k in
      Sequential([
        Linear(inputs, widths[k], bias: false, using: generator),
        Linear(widths[k], ends[k + 1] - ends[k], bias: false, using: generator),
      ])
    }
  }

  /// ln p of each sample's label [batch], for x [batch, inputs] and labels [batch], and the loss, their negative mean.
  /// Only the clusters that labels are in are computed. Stops when shapes do not fit or a label is out of range.
  public func callAsFunction(_ x: Tensor, labels: Tensor) -> (logProbabilities: Tensor, loss: Tensor) {
    guard x.rank == 2, x.shape[1] == head.inputs, labels.dtype.isInteger, labels.shape == [x.shape[0]] else {
      stop(
        title, "x is \(x.shape), labels \(labels.dtype) \(labels.shape)",
        fix: "pass [batch, \(head.inputs)] and integers [batch]")
    }
    let numbers = labels.scalars(as: Int.self)
    if let wrong = numbers.first(where: { !(0..<classes).contains($0) }) {
      stop(title, "a label is \(wrong)", fix: "use 0..<\(classes)")
    }
    let scores = head(x).logSoftmax(axis: 1)
    let places = numbers.map { label in
      label < cutoffs[0] ? label : cutoffs[0] + (cutoffs.lastIndex { $0 <= label } ?? 0)
    }
    var found = scores.gathered(axis: 1, indices: Tensor(places, shape: [places.count, 1])).squeezed(1)
    for (k, part) in tail.enumerated() {
      let members = numbers.indices.filter { (cutoffs[k]..<cutoffs[k + 1]).contains(numbers[$0]) }
      if members.isEmpty { continue }
      let rows = Tensor(members, shape: [members.count])
      let within = Tensor(members.map { numbers[$0] - cutoffs[k] }, shape: [members.count, 1])
      let inCluster = part(x.indexSelected(axis: 0, indices: rows)).logSoftmax(axis: 1)
      found = found.indexAdded(axis: 0, indices: rows, inCluster.gathered(axis: 1, indices: within).squeezed(1))
    }
    return (found, -found.mean())
  }

  /// ln p of all classes, [batch, classes], for x [batch, inputs].
  public func logProbabilities(_ x: Tensor) -> Tensor {
    let scores = head(x).logSoftmax(axis: 1)
      .split(sizes: [cutoffs[0]] + [Int](repeating: 1, count: tail.count), axis: 1)
    let others = zip(tail, scores.dropFirst()).map { part, cluster in part(x).logSoftmax(axis: 1) + cluster }
    return Tensor.concatenated([scores[0]] + others, axis: 1)
  }

  public override var configuration: String { "\(head.inputs) → \(classes), cutoffs \(cutoffs.dropLast())" }
}
