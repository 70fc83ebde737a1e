import TensorCore

/// The pointwise Kullback–Leibler divergence of a prediction q from a target p: pᵢ·(ln pᵢ − ln qᵢ), 0 where pᵢ = 0
/// (Kullback & Leibler, 1951). The prediction is given by its logarithms, the target by probabilities, or by logarithms
/// too with `logTarget`.
///
/// Averaged over all elements unless told otherwise; the divergence itself is the sum over a distribution, so for a
/// batch use `.sum` and divide by the batch's size. Both have one shape, which is the result's for `.none`. Stops when
/// the shapes or dtypes differ.
///
/// ```swift
/// let even = Tensor([0.5, 0.5])
/// klDivergenceLoss(even.log(), Tensor([0.0, 1.0]), reduction: .sum)  // → 0.6931472
/// ```
public func klDivergenceLoss(
  _ logPrediction: Tensor, _ target: Tensor, logTarget: Bool = false, reduction: LossReduction = .mean
) -> Tensor {
  let (logPrediction, target) = equallyShaped("klDivergenceLoss", logPrediction, target)
  if logTarget { return reduction(target.exp() * (target - logPrediction)) }
  let isPositive = target .> 0
  let safe = Tensor.where(isPositive, target, Tensor(1.0, dtype: target.dtype))
  return reduction(safe * safe.log() - target * logPrediction)
}
