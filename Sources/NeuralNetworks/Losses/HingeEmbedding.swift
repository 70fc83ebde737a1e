import TensorCore

/// A loss on distances: xᵢ where the label is 1, max(0, margin − xᵢ) where it is −1. Averaged over all elements unless
/// told otherwise.
///
/// x and labels have one shape; labels are 1 and −1 in any dtype. Stops at other shapes and labels.
///
/// ```swift
/// hingeEmbeddingLoss(Tensor([0.25, 0.25, 2.0]), Tensor([1, -1, -1]), reduction: .none)  // → [0.25, 0.75, 0.0]
/// ```
public func hingeEmbeddingLoss(
  _ x: Tensor, _ labels: Tensor, margin: Double = 1, reduction: LossReduction = .mean
) -> Tensor {
  let x = Autocast.widened(x)
  return reduction(Tensor.where(isPositive("hingeEmbeddingLoss", labels, shape: x.shape), x, (margin - x).relu()))
}
