import TensorCore

/// Examples by position: what a model learns from.
///
/// A data set has a number of examples and gives each by its index; ``DataLoader`` puts them together in batches. Where many
/// examples can be had at once, write ``batch(at:)`` too. `Failure` is what reading an example may throw; with `Never`, the
/// default, batches can be had in a plain `for` loop.
///
/// ```swift
/// struct Squares: Dataset {
///   let count = 100
///   func example(at index: Int) -> Example {
///     Example(input: Tensor([Float(index)]), target: Tensor([Float(index * index)]))
///   }
/// }
/// Squares()[3].target  // → [9.0]
/// Squares().batch(at: [2, 3]).targets  // → [[4.0], [9.0]]
/// ```
public protocol Dataset<Failure>: Sendable {
  /// What reading an example may throw.
  associatedtype Failure: Error = Never

  /// The number of examples.
  var count: Int { get }

  /// The example at a position in `0..<count`.
  func example(at index: Int) throws(Failure) -> Example

  /// The examples at the given positions, stacked in that order. Unless written otherwise, they are read one by one.
  func batch(at indices: [Int]) throws(Failure) -> Batch
}

/// One input and what a model should make of it.
public struct Example: Sendable {
  /// Without a batch dimension: `[channels, height, width]` for a picture.
  public var input: Tensor
  /// A class as an int64 scalar `[]`, say, or a vector of numbers to predict.
  public var target: Tensor

  public init(input: Tensor, target: Tensor) {
    self.input = input
    self.target = target
  }
}

/// Several examples, stacked along a first dimension.
public struct Batch: Sendable {
  /// `[batch, channels, height, width]` for pictures.
  public var inputs: Tensor
  /// `[batch]` for classes.
  public var targets: Tensor

  /// Stops when inputs and targets differ in number.
  public init(inputs: Tensor, targets: Tensor) {
    guard let count = inputs.shape.dimensions.first, count == targets.shape.dimensions.first else {
      stop(
        "Batch", "inputs \(inputs.shape) and targets \(targets.shape) are not equally many",
        fix: "give both the same first dimension")
    }
    self.inputs = inputs
    self.targets = targets
  }

  /// Stacks examples of equal shapes; stops when there are none, or their shapes differ.
  public init(_ examples: [Example]) {
    if examples.isEmpty { stop("Batch", "no examples have no shape", fix: "pass at least one") }
    self.init(inputs: Tensor.stacked(examples.map(\.input)), targets: Tensor.stacked(examples.map(\.target)))
  }

  /// The number of examples.
  public var count: Int { inputs.shape[0] }
}

extension Dataset {
  public func batch(at indices: [Int]) throws(Failure) -> Batch {
    var examples: [Example] = []
    examples.reserveCapacity(indices.count)
    for index in indices { examples.append(try example(at: index)) }
    return Batch(examples)
  }

  /// All examples as one batch.
  public func all() throws(Failure) -> Batch { try batch(at: Array(0..<count)) }
}

extension Dataset where Failure == Never {
  /// The example at a position in `0..<count`.
  public subscript(index: Int) -> Example { example(at: index) }
}
