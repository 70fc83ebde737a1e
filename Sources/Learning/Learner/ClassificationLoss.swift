import TensorCore

/// The cross entropy of logits [batch, classes] and targets that are classes, integers [batch], or shares of classes, float [batch, classes], as mixup makes them.
///
/// ```swift
/// let logits = Tensor([[0.0, 0.0]])
/// classificationLoss(logits, Tensor([1])).item(Float.self)  // → 0.6931472
/// classificationLoss(logits, Tensor([[0.5, 0.5]])).item(Float.self)  // → 0.6931472
/// ```
public func classificationLoss(_ logits: Tensor, _ targets: Tensor, labelSmoothing: Double = 0) -> Tensor {
  targets.dtype.isFloatingPoint
    ? crossEntropy(logits, probabilities: targets, labelSmoothing: labelSmoothing)
    : crossEntropy(logits, targets, labelSmoothing: labelSmoothing)
}
