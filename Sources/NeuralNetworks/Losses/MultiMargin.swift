import TensorCore

/// A margin between the label's score and all others: Σ_{j ≠ y} max(0, margin − x[y] + x[j])ᵖ / classes, times the
/// label's weight (Crammer & Singer, 2001, with a sum in place of the maximum). Averaged over the batch unless told
/// otherwise.
///
/// Scores [batch, classes], labels [batch]; p is 1 or 2, `weight` [classes]. Stops when shapes or dtypes do not fit or
/// a label is out of range.
///
/// ```swift
/// multiMarginLoss(Tensor([[0.0, 0.5, 2.0]]), Tensor([2]))  // → 0.0
/// multiMarginLoss(Tensor([[0.0, 1.5, 2.0]]), Tensor([1]))  // → 0.5
/// ```
public func multiMarginLoss(
  _ scores: Tensor, _ labels: Tensor, p: Int = 1, margin: Double = 1, weight: Tensor? = nil,
  reduction: LossReduction = .mean
) -> Tensor {
  let scores = Autocast.widened(scores)
  guard scores.rank == 2, scores.dtype.isFloatingPoint, labels.dtype.isInteger, labels.shape == [scores.shape[0]],
    p == 1 || p == 2
  else {
    stop(
      "multiMarginLoss",
      "scores \(scores.dtype) \(scores.shape), labels \(labels.dtype) \(labels.shape) and p \(p) do not fit",
      fix: "scores are [batch, classes], labels integers of shape [batch], p is 1 or 2")
  }
  let weights = LabelWeights("multiMarginLoss", labels, scores, weight, ignoring: nil)
  let label = weights.labels.unsqueezed(1)
  let gaps = (scores - scores.gathered(axis: 1, indices: label) + margin).relu()
  let places = Tensor((0..<scores.shape[1]).map { $0 }, shape: [1, scores.shape[1]])
  let others = Tensor.where(label .!= places, p == 1 ? gaps : gaps.square(), Tensor(0.0, dtype: scores.dtype))
  return reduction(weights.weighted(others.mean(axis: 1)))
}
