import TensorCore

/// Examples that stand in two tensors: row `i` of each makes up example `i`. A batch is one indexed copy of each.
///
/// ```swift
/// let set = TensorDataset(inputs: Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), targets: Tensor([0, 1, 0]))
/// set.count  // → 3
/// set[1].input  // → [3.0, 4.0]
/// set.batch(at: [2, 0]).inputs  // → [[5.0, 6.0], [1.0, 2.0]]
/// ```
public struct TensorDataset: Dataset {
  /// `[count, …]`.
  public let inputs: Tensor
  /// `[count]` for classes, or `[count, …]`.
  public let targets: Tensor

  /// Stops when inputs and targets differ in number.
  public init(inputs: Tensor, targets: Tensor) {
    let all = Batch(inputs: inputs, targets: targets)
    // Row-major once, rather than at every batch.
    self.inputs = all.inputs.contiguous()
    self.targets = all.targets.contiguous()
  }

  public var count: Int { inputs.shape[0] }

  public func example(at index: Int) -> Example { Example(input: inputs[index], target: targets[index]) }

  public func batch(at indices: [Int]) -> Batch {
    let positions = Tensor(indices, shape: [indices.count])
    return Batch(
      inputs: inputs.indexSelected(axis: 0, indices: positions),
      targets: targets.indexSelected(axis: 0, indices: positions))
  }

  /// The targets as whole numbers: the classes. Stops unless they are `[count]` integers.
  public var classes: [Int] {
    guard targets.rank == 1, targets.dtype.isInteger else {
      stop(
        "classes", "targets \(targets.dtype) \(targets.shape) are no classes", fix: "use an integer for each example")
    }
    return targets.scalars(as: Int.self)
  }

  /// A data set of its own with the examples at the given positions, copied.
  public func selecting(_ indices: [Int]) -> TensorDataset {
    let chosen = batch(at: indices)
    return TensorDataset(inputs: chosen.inputs, targets: chosen.targets)
  }
}

/// Pictures in classes, divided for training and for the final test.
public struct ImageClassificationData: Sendable {
  /// What to learn from: inputs `[count, channels, height, width]`, targets `[count]` int64.
  public let train: TensorDataset
  /// What to measure the result on, and nothing else.
  public let test: TensorDataset
  /// The class names, by target.
  public let classNames: [String]

  public init(train: TensorDataset, test: TensorDataset, classNames: [String]) {
    self.train = train
    self.test = test
    self.classNames = classNames
  }
}
