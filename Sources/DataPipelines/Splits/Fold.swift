/// The positions of a data set's examples, divided into those to learn from and those to measure the result on.
///
/// ```swift
/// let set = TensorDataset(inputs: Tensor.eye(4), targets: Tensor([0, 1, 0, 1]))
/// let fold = Fold(validation: [1], of: set.count)
/// set.subset(fold.train).count  // → 3
/// set.subset(fold.validation).all().targets  // → [1]
/// ```
public struct Fold: Sendable, Hashable, Codable {
  /// Ascending.
  public let train: [Int]
  /// Ascending; none of them is in `train`.
  public let validation: [Int]

  public init(train: [Int], validation: [Int]) {
    self.train = train.sorted()
    self.validation = validation.sorted()
  }

  /// Trains on all of `count` that are not for validation.
  public init(validation: [Int], of count: Int) {
    let chosen = Set(validation)
    self.init(train: (0..<count).filter { !chosen.contains($0) }, validation: validation)
  }
}
