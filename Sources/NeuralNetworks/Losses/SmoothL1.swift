import TensorCore

/// |d| rounded off at 0: d²/(2β) where |d| < β and |d| − β/2 beyond, for d = pᵢ − tᵢ (Girshick, "Fast R-CNN", 2015): Huber's loss
/// divided by β. With β = 0 it is |d|. Averaged over all elements unless told otherwise.
///
/// Both have one shape, which is the result's for `.none`. Stops when the shapes or dtypes differ, and unless β ≥ 0.
///
/// ```swift
/// smoothL1Loss(Tensor([0.5, 3.0]), Tensor([0.0, 0.0]), beta: 2, reduction: .none)  // → [0.0625, 2.0]
/// ```
public func smoothL1Loss(
  _ prediction: Tensor, _ target: Tensor, beta: Double = 1, reduction: LossReduction = .mean
) -> Tensor {
  let (prediction, target) = equallyShaped("smoothL1Loss", prediction, target)
  guard beta >= 0 else { stop("smoothL1Loss", "a beta of \(beta)", fix: "use 0 or more") }
  if beta == 0 { return l1Loss(prediction, target, reduction: reduction) }
  return reduction(huberLoss(prediction, target, delta: beta, reduction: .none) * (1 / beta))
}
