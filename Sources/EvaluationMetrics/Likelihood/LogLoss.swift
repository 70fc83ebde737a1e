import TensorCore

/// The mean of −ln p(target): the cross entropy of the predicted probabilities with what is true.
///
/// Predictions are [batch, classes] with targets [batch], or [batch] for the class 1 of two. Logits give it exactly; probabilities are brought
/// into [ε, 1 − ε], with the smallest ε that 1 can be told from in their dtype, as scikit-learn does, and need not sum to 1.
///
/// ```swift
/// var loss = LogLoss(from: .probabilities)
/// try loss.add(predictions: Tensor([[0.5, 0.5], [0.25, 0.75]]), targets: Tensor([0, 0]))
/// abs(loss.value - 1.0397) < 1e-4  // → true
/// ```
public struct LogLoss: Metric, Hashable, Codable {
  public let kind: PredictionKind
  private var sum = 0.0
  public private(set) var samples = 0

  public init(from kind: PredictionKind = .logits) { self.kind = kind }

  public var name: String { "log loss" }
  public var greaterIsBetter: Bool { false }
  public var value: Double { sum / Double(samples) }

  public mutating func add(predictions: Tensor, targets: Tensor) throws(MetricError) {
    let input = MetricInput(name, predictions, targets)
    guard predictions.dtype.isFloatingPoint, input.targetsAreClasses, [1, 2].contains(predictions.rank),
      targets.shape == [predictions.shape[0]]
    else {
      input.mismatch(fix: "pass logits or probabilities, [batch, classes] or [batch], and integer targets [batch]")
    }
    try input.refuseNaN()
    let labels = try input.labels(of: predictions.rank == 1 ? 2 : predictions.shape[1])
    if kind == .probabilities {
      try input.refuse(
        "a probability outside of 0...1", where: (input.predictions .< 0.0) .| (input.predictions .> 1.0))
    }
    sum += losses(input.predictions, labels).sum().item()
    samples += labels.count
  }

  /// [batch], float64.
  private func losses(_ predictions: Tensor, _ labels: Tensor) -> Tensor {
    let x = predictions.cast(to: .float64)
    let isBinary = x.rank == 1
    switch kind {
    case .logits where isBinary:
      // ln(1 + e^x) − x·y, in a form that does not overflow.
      return x.clamped(to: 0...) + (-x.abs()).exp().log1p() - x * labels.cast(to: .float64)
    case .logits: return crossEntropy(x, labels, reduction: .none)
    case .probabilities:
      let rest = predictions.dtype.epsilon
      let p = x.clamped(to: rest...(1 - rest))
      let own = isBinary ? Tensor.where(labels .> 0.0, p, 1 - p) : p.gathered(axis: 1, indices: labels.unsqueezed(1))
      return -own.log()
    }
  }

  public mutating func merge(_ other: Self) {
    sum += other.sum
    samples += other.samples
  }
}

extension DType {
  /// The distance from 1 to the next number.
  fileprivate var epsilon: Double {
    switch self {
    case .float64: Double.ulpOfOne
    case .bfloat16: 0x1p-7
    default: Double(Float.ulpOfOne)
    }
  }
}
