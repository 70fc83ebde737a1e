import TensorCore

/// A loss on the order of two scores: max(0, −yᵢ·(aᵢ − bᵢ) + margin), where y = 1 says that a should be the larger one
/// and −1 that b should. Averaged over all elements unless told otherwise.
///
/// a, b and y have one shape and one dtype. Stops when they differ.
///
/// ```swift
/// marginRankingLoss(Tensor([2.0]), Tensor([0.5]), Tensor([-1.0]))  // → 1.5
/// ```
public func marginRankingLoss(
  _ a: Tensor, _ b: Tensor, _ labels: Tensor, margin: Double = 0, reduction: LossReduction = .mean
) -> Tensor {
  let (_, b) = equallyShaped("marginRankingLoss", a, b)
  let (a, labels) = equallyShaped("marginRankingLoss", a, labels)
  return reduction((labels * (b - a) + margin).relu())
}
