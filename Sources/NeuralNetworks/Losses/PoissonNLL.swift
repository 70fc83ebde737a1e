import TensorCore

/// The negative log-likelihood of counts t under Poisson distributions: e^xᵢ − tᵢ·xᵢ where the prediction is the
/// logarithm of the rate, or xᵢ − tᵢ·ln(xᵢ + ε) where it is the rate itself (`logPrediction: false`). Averaged over all
/// elements unless told otherwise.
///
/// The constant ln t! is left out, or with `full` approximated for t > 1 by Stirling's t·ln t − t + ½·ln(2πt). Both
/// have one shape. Stops when the shapes or dtypes differ.
///
/// ```swift
/// poissonNLLLoss(Tensor([0.0, 0.0]), Tensor([3.0, 1.0]), reduction: .none)  // → [1.0, 1.0]
/// ```
public func poissonNLLLoss(
  _ prediction: Tensor, _ target: Tensor, logPrediction: Bool = true, full: Bool = false, epsilon: Double = 1e-8,
  reduction: LossReduction = .mean
) -> Tensor {
  let (prediction, target) = equallyShaped("poissonNLLLoss", prediction, target)
  var losses =
    logPrediction
    ? prediction.exp() - target * prediction : prediction - target * (prediction + epsilon).log()
  if full {
    let isLarge = target .> 1
    let large = Tensor.where(isLarge, target, Tensor(1.0, dtype: target.dtype))
    let stirling = large * large.log() - large + (large * (2 * Double.pi)).log() * 0.5
    losses = losses + Tensor.where(isLarge, stirling, Tensor(0.0, dtype: target.dtype))
  }
  return reduction(losses)
}
