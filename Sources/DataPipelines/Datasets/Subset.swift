import TensorCore

/// Some examples of a data set, in an order of their own. They are read from it, not copied.
public struct Subset<Base: Dataset>: Dataset {
  public let base: Base
  /// The positions in `base`.
  public let indices: [Int]

  /// Stops when a position is outside the data set.
  public init(_ base: Base, _ indices: [Int]) {
    if let wrong = indices.first(where: { !(0..<base.count).contains($0) }) {
      stop(
        "Subset", "position \(wrong) is outside a data set of \(base.count)", fix: "use positions in 0..<\(base.count)")
    }
    self.base = base
    self.indices = indices
  }

  public var count: Int { indices.count }

  public func example(at index: Int) throws(Base.Failure) -> Example { try base.example(at: indices[index]) }

  public func batch(at indices: [Int]) throws(Base.Failure) -> Batch {
    try base.batch(at: indices.map { self.indices[$0] })
  }
}

extension Dataset {
  /// The examples at the given positions, as a data set.
  public func subset(_ indices: [Int]) -> Subset<Self> { Subset(self, indices) }

  /// Divides the data set at random into parts of the given sizes, which must add up to its own. Within a part the
  /// examples keep their order. The same seed gives the same parts.
  ///
  /// - Parameter classes: With each example's class, every part gets its share of every class, to within one example.
  ///
  /// ```swift
  /// let set = TensorDataset(inputs: Tensor.eye(10), targets: Tensor([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]))
  /// let parts = set.split(counts: [8, 2], classes: set.classes, seed: 1)
  /// parts[1].count  // → 2
  /// parts[1].all().targets  // → [0, 1]
  /// ```
  public func split(counts: [Int], classes: [Int]? = nil, seed: UInt64) -> [Subset<Self>] {
    guard counts.allSatisfy({ $0 >= 0 }), counts.reduce(0, +) == count else {
      stop("split", "the parts \(counts) do not make up \(count) examples", fix: "use sizes that add up to \(count)")
    }
    if let classes, classes.count != count {
      stop("split", "\(classes.count) classes are given for \(count) examples", fix: "give one class for each example")
    }
    return division(of: classes ?? [Int](repeating: 0, count: count), into: counts, seed: seed).map(subset)
  }

  /// Divides the data set at random in the given proportions, which must add up to 1; see ``split(counts:classes:seed:)``.
  public func split(fractions: [Double], classes: [Int]? = nil, seed: UInt64) -> [Subset<Self>] {
    guard fractions.allSatisfy({ $0 >= 0 }), abs(fractions.reduce(0, +) - 1) < 1e-9 else {
      stop("split", "the fractions \(fractions) do not add up to 1", fix: "use fractions such as [0.8, 0.2]")
    }
    let counts = shares(of: count, inProportionTo: fractions)
    return split(counts: counts, classes: classes, seed: seed)
  }
}

/// The positions that belong to each part, ascending: the classes' positions in random order, dealt out part by part.
func division(of classes: [Int], into counts: [Int], seed: UInt64) -> [[Int]] {
  let order = Tensor.permutation(classes.count, using: RandomGenerator(seed: seed)).scalars(as: Int.self)
  var waiting: [Int: [Int]] = [:]
  for position in order { waiting[classes[position], default: []].append(position) }
  let names = waiting.keys.sorted()
  return counts.map { count in
    // Each class's part is in proportion to what is left of it, so that the last part takes exactly the rest.
    let taken = shares(of: count, inProportionTo: names.map { Double(waiting[$0]?.count ?? 0) })
    var part: [Int] = []
    for (name, share) in zip(names, taken) {
      part += waiting[name]?.prefix(share) ?? []
      waiting[name]?.removeFirst(share)
    }
    return part.sorted()
  }
}

/// Whole numbers that add up to `total`, each within one of its proportion: rounded down, and one more where most was
/// lost (the method of the largest remainder).
private func shares(of total: Int, inProportionTo weights: [Double]) -> [Int] {
  let sum = weights.reduce(0, +)
  if sum == 0 { return weights.map { _ in 0 } }
  let exact = weights.map { $0 / sum * Double(total) }
  var shares = exact.map { Int($0) }
  let missing = total - shares.reduce(0, +)
  let byLoss = exact.indices.sorted { exact[$0] - Double(shares[$0]) > exact[$1] - Double(shares[$1]) }
  for index in byLoss.prefix(missing) { shares[index] += 1 }
  return shares
}
