import TensorCore

/// The binary cross entropy with easy examples weighed down: αₜ·(1 − pₜ)^γ·(−ln pₜ), where pₜ is the probability that
/// σ(x) gives the right answer (Lin, Goyal, Girshick, He & Dollár, "Focal loss for dense object detection", 2017, eq.
/// 5). Averaged over all elements unless told otherwise.
///
/// Logits and targets, which are 0 and 1 or anything between, have one shape; αₜ is α for targets of 1 and 1 − α for 0,
/// or 1 everywhere without α. Stops when shapes or dtypes differ, and unless γ ≥ 0 and 0 ≤ α ≤ 1.
///
/// ```swift
/// focalLoss(Tensor([0.0]), Tensor([1.0]), alpha: nil, gamma: 2) * 4  // → 0.6931472
/// ```
public func focalLoss(
  _ logits: Tensor, _ targets: Tensor, alpha: Double? = 0.25, gamma: Double = 2, reduction: LossReduction = .mean
) -> Tensor {
  let (logits, targets) = equallyShaped("focalLoss", logits, targets)
  guard gamma >= 0, alpha == nil || (0...1).contains(alpha ?? 0) else {
    stop(
      "focalLoss", "an alpha of \(alpha ?? 0), a gamma of \(gamma)", fix: "use an alpha in 0...1, a gamma of 0 or more")
  }
  let entropy = binaryCrossEntropyWithLogits(logits, targets, reduction: .none)
  // 1 − pₜ, each part from a sigmoid that is exact where it is small.
  let wrong = targets * (-logits).sigmoid() + (1 - targets) * logits.sigmoid()
  var losses = gamma == 0 ? entropy : entropy * wrong.power(gamma)
  if let alpha { losses = losses * (targets * (2 * alpha - 1) + (1 - alpha)) }
  return reduction(losses)
}
