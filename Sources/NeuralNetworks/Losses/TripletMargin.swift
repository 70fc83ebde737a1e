import TensorCore

/// A loss on two distances from an anchor: max(0, d(a, p) − d(a, n) + margin), which is 0 once the negative example n
/// is further away than the positive one p by the margin (Schroff, Kalenichenko & Philbin, "FaceNet", 2015; the
/// distances are not squared here). Averaged over the batch unless told otherwise.
///
/// All are [batch, features]; the distance is `pairwiseDistance` with p and ε. With `swap`, the smaller of d(a, n) and
/// d(p, n) takes the place of d(a, n) (Balntas et al., 2016). Stops when shapes or dtypes differ.
///
/// ```swift
/// let (a, p, n) = (Tensor([[0.0, 0.0]]), Tensor([[3.0, 4.0]]), Tensor([[0.0, 2.0]]))
/// tripletMarginLoss(a, p, n, epsilon: 0)  // → 4.0
/// ```
public func tripletMarginLoss(
  _ anchor: Tensor, _ positive: Tensor, _ negative: Tensor, margin: Double = 1, p: Double = 2, epsilon: Double = 1e-6,
  swap: Bool = false, reduction: LossReduction = .mean
) -> Tensor {
  tripletMarginLoss(anchor, positive, negative, margin: margin, swap: swap, reduction: reduction) {
    pairwiseDistance($0, $1, p: p, epsilon: epsilon)
  }
}

/// The same with a distance of one's own, which maps two batches [batch, features] to [batch].
///
/// ```swift
/// let (a, p, n) = (Tensor([[0.0, 0.0]]), Tensor([[3.0, 4.0]]), Tensor([[0.0, 2.0]]))
/// tripletMarginLoss(a, p, n, margin: 0.5) { ($0 - $1).abs().sum(axis: 1) }  // → 5.5
/// ```
public func tripletMarginLoss(
  _ anchor: Tensor, _ positive: Tensor, _ negative: Tensor, margin: Double = 1, swap: Bool = false,
  reduction: LossReduction = .mean, distance: (Tensor, Tensor) -> Tensor
) -> Tensor {
  let (_, positive) = equallyShaped("tripletMarginLoss", anchor, positive)
  let (anchor, negative) = equallyShaped("tripletMarginLoss", anchor, negative)
  var far = distance(anchor, negative)
  if swap { far = Tensor.minimum(far, distance(positive, negative)) }
  return reduction((distance(anchor, positive) - far + margin).relu())
}
