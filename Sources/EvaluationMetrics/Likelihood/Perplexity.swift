import Foundation
import TensorCore

/// How many words a language model hesitates between: e to the mean of −ln p(token), over all tokens (Jelinek et al., 1977). 1 for a model that
/// is certain, and the size of the vocabulary for one that knows nothing.
///
/// Predictions are logits [batch, vocabulary, ...] with targets [batch, ...], as in ``crossEntropy(_:_:weight:ignoring:labelSmoothing:reduction:)``.
/// Targets equal to `ignored`, such as padding, do not count.
///
/// ```swift
/// var perplexity = Perplexity(ignoring: -100)
/// try perplexity.add(predictions: Tensor.zeros([3, 50]), targets: Tensor([4, 7, -100]))
/// (perplexity.value * 1000).rounded()  // → 50000.0
/// ```
public struct Perplexity: Metric, Hashable, Codable {
  public let ignored: Int?
  private var sum = 0.0
  /// How many tokens counted.
  public private(set) var tokens = 0

  public init(ignoring ignored: Int? = nil) { self.ignored = ignored }

  public var name: String { "perplexity" }
  public var greaterIsBetter: Bool { false }
  public var value: Double { exp(sum / Double(tokens)) }

  public mutating func add(predictions: Tensor, targets: Tensor) throws(MetricError) {
    let input = MetricInput(name, predictions, targets)
    guard predictions.dtype.isFloatingPoint, input.targetsAreClasses, predictions.rank >= 2,
      targets.shape.dimensions == [predictions.shape[0]] + predictions.shape.dimensions.dropFirst(2)
    else { input.mismatch(fix: "pass logits [batch, vocabulary, ...] and integer targets [batch, ...]") }
    try input.refuseNaN()
    let labels = try input.labels(of: predictions.shape[1], ignoring: ignored)
    let losses = crossEntropy(input.predictions, labels, ignoring: ignored, reduction: .none)
    sum += losses.cast(to: .float64).sum().item()
    tokens += ignored.map { (labels .!= Double($0)).countNonzero().item(Int.self) } ?? labels.count
  }

  public mutating func merge(_ other: Self) {
    sum += other.sum
    tokens += other.tokens
  }
}
