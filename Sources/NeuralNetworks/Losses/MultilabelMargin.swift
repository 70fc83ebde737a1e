import TensorCore

/// A margin between the scores of each label and of each other class: Σ_{j ∈ labels} Σ_{i ∉ labels} max(0, 1 − x[j] +
/// x[i]) / classes, averaged over the batch unless told otherwise.
///
/// Scores [batch, classes]; labels, integers of the same shape, list each sample's classes from the left, and end at
/// the first −1. Stops when shapes or dtypes do not fit or a label is out of range.
///
/// ```swift
/// let scores = Tensor([[0.1, 0.2, 0.4, 0.8]])
/// multilabelMarginLoss(scores, Tensor([[3, 0, -1, 1]]))  // → 0.85
/// ```
public func multilabelMarginLoss(
  _ scores: Tensor, _ labels: Tensor, reduction: LossReduction = .mean
) -> Tensor {
  let scores = Autocast.widened(scores)
  guard scores.rank == 2, scores.dtype.isFloatingPoint, labels.dtype.isInteger, labels.shape == scores.shape else {
    stop(
      "multilabelMarginLoss",
      "scores \(scores.dtype) \(scores.shape) and labels \(labels.dtype) \(labels.shape) do not fit",
      fix: "scores are [batch, classes], labels integers of the same shape")
  }
  let (batch, classes) = (scores.shape[0], scores.shape[1])
  let numbers = labels.scalars(as: Int.self)
  var isLabel = [Bool](repeating: false, count: batch * classes)
  for row in 0..<batch {
    for label in numbers[(row * classes)..<((row + 1) * classes)].prefix(while: { $0 != -1 }) {
      guard (0..<classes).contains(label) else {
        stop("multilabelMarginLoss", "a label is \(label)", fix: "use 0..<\(classes), and -1 behind the last one")
      }
      isLabel[row * classes + label] = true
    }
  }
  // [batch, label, other]
  let mask = Tensor(isLabel, shape: [batch, classes])
  let pairs = mask.unsqueezed(2) .& (.!mask).unsqueezed(1)
  let gaps = (scores.unsqueezed(1) - scores.unsqueezed(2) + 1).relu()
  let losses = Tensor.where(pairs, gaps, Tensor.zeros([], dtype: scores.dtype)).sum(axes: [1, 2]) / Double(classes)
  return reduction(losses)
}
