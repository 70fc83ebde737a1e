import TensorCore

/// A number, or several, that say how good predictions are, gathered batch by batch.
///
/// A metric is a value: make one, add batches, read its value at any time; a copy goes on by itself. Batches together give what all samples at
/// once give, and so do shards that were measured apart and then merged. Values are scikit-learn's, also where a formula has no answer (each
/// metric says which); before the first sample, where scikit-learn refuses to answer, they are NaN.
///
/// ```swift
/// var accuracy = Accuracy()
/// try accuracy.add(predictions: Tensor([[2.0, 1.0], [0.0, 3.0]]), targets: Tensor([0, 0]))
/// accuracy.value  // → 0.5
/// var other = Accuracy()
/// try other.add(predictions: Tensor([1, 1]), targets: Tensor([1, 1]))
/// accuracy.merge(other)
/// accuracy.value  // → 0.75
/// ```
public protocol Metric<Value>: Sendable {
  associatedtype Value: Sendable = Double

  /// What a table calls it: `accuracy`.
  var name: String { get }

  /// The metric of all samples so far.
  var value: Value { get }

  /// Whether a greater value is a better one, as for scores; not for errors and losses. True unless written otherwise.
  var greaterIsBetter: Bool { get }

  /// Adds a batch. Stops when the shapes or dtypes are not what the metric takes; throws for values that it can't count, such as NaN, and has
  /// then added nothing.
  mutating func add(predictions: Tensor, targets: Tensor) throws(MetricError)

  /// Adds all that another one of the same settings has seen.
  mutating func merge(_ other: Self)
}

extension Metric {
  public var greaterIsBetter: Bool { true }
}

/// A value that a metric can't count. Nothing of its batch was added.
///
/// ```swift
/// var accuracy = Accuracy()
/// do {
///   try accuracy.add(predictions: Tensor([[0.1, 0.9], [0.5, .nan]]), targets: Tensor([1, 0]))
/// } catch {
///   print(error)  // accuracy: row 1 of the batch has a prediction that is not a number
/// }
/// accuracy.value.isNaN  // → true
/// ```
public struct MetricError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The metric's name.
  public let metric: String
  /// The place along the batch's first axis, from 0.
  public let row: Int
  /// What the row has: `a prediction that is not a number`.
  public let finding: String

  public init(metric: String, row: Int, finding: String) {
    self.metric = metric
    self.row = row
    self.finding = finding
  }

  public var description: String { "\(metric): row \(row) of the batch has \(finding)" }
}
