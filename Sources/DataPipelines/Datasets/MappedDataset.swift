import TensorCore

/// A data set whose inputs go through a function when they are read.
public struct MappedDataset<Base: Dataset>: Dataset {
  public let base: Base
  private let transform: @Sendable (Tensor) -> Tensor

  fileprivate init(_ base: Base, _ transform: @escaping @Sendable (Tensor) -> Tensor) {
    self.base = base
    self.transform = transform
  }

  public var count: Int { base.count }

  public func example(at index: Int) throws(Base.Failure) -> Example {
    let example = try base.example(at: index)
    return Example(input: transform(example.input.unsqueezed(0))[0], target: example.target)
  }

  public func batch(at indices: [Int]) throws(Base.Failure) -> Batch {
    let batch = try base.batch(at: indices)
    return Batch(inputs: transform(batch.inputs), targets: batch.targets)
  }
}

extension Dataset {
  /// This data set with its inputs transformed as they are read, a batch `[batch, …]` at a time; the number of rows must stay.
  ///
  /// ```swift
  /// let bytes = TensorDataset(inputs: Tensor([[0, 255]], dtype: .uint8), targets: Tensor([7]))
  /// bytes.mappingInputs { $0.cast(to: .float32) / 255 }[0].input  // → [0.0, 1.0]
  /// ```
  public func mappingInputs(_ transform: @escaping @Sendable (Tensor) -> Tensor) -> MappedDataset<Self> {
    MappedDataset(self, transform)
  }
}
