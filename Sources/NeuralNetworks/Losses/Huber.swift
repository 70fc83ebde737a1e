import TensorCore

/// Huber's loss: d²/2 where |d| ≤ δ and δ·(|d| − δ/2) beyond, for d = pᵢ − tᵢ; so that outliers pull no harder than δ
/// (Huber, 1964). Averaged over all elements unless told otherwise.
///
/// Both have one shape, which is the result's for `.none`; other reductions give a scalar. Stops when the shapes or
/// dtypes differ, and unless δ > 0.
///
/// ```swift
/// huberLoss(Tensor([0.5, 3.0]), Tensor([0.0, 0.0]), reduction: .none)  // → [0.125, 2.5]
/// ```
public func huberLoss(_ prediction: Tensor, _ target: Tensor, delta: Double = 1, reduction: LossReduction = .mean)
  -> Tensor
{
  let (prediction, target) = equallyShaped("huberLoss", prediction, target)
  guard delta > 0 else { stop("huberLoss", "a delta of \(delta)", fix: "use one above 0") }
  let distance = (prediction - target).abs()
  // m·(|d| − m/2) with m = min(|d|, δ) is both pieces at once.
  let quadratic = distance.clamped(to: ...delta)
  return reduction(quadratic * (distance - quadratic * 0.5))
}
