import TensorCore

/// A loss on the distance d of two vectors: ½·d² where they should be alike, ½·max(0, margin − d)² where not (Hadsell,
/// Chopra & LeCun, 2006, eq. 4). Averaged over the batch unless told otherwise.
///
/// a and b [batch, features]; labels [batch] are 1 for alike and −1 for unlike, in any dtype; d is `pairwiseDistance`.
/// Stops when shapes or dtypes do not fit.
///
/// ```swift
/// let (a, b) = (Tensor([[0.0], [0.0]]), Tensor([[2.0], [0.5]]))
/// contrastiveLoss(a, b, Tensor([1, -1]), epsilon: 0, reduction: .none)  // → [2.0, 0.125]
/// ```
public func contrastiveLoss(
  _ a: Tensor, _ b: Tensor, _ labels: Tensor, margin: Double = 1, epsilon: Double = 1e-6,
  reduction: LossReduction = .mean
) -> Tensor {
  let (a, b) = equallyShaped("contrastiveLoss", a, b)
  let distance = pairwiseDistance(a, b, epsilon: epsilon)
  let isAlike = isPositive("contrastiveLoss", labels, shape: distance.shape)
  return reduction(Tensor.where(isAlike, distance, (margin - distance).relu()).square() * 0.5)
}
