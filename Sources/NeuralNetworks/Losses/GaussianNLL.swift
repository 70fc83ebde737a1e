import TensorCore

/// The negative log-likelihood of targets under normal distributions of predicted mean and variance: ½·(ln v + (μ −
/// t)²/v), with variances below ε raised to ε (Nix & Weigend, 1994). Averaged over all elements unless told otherwise.
///
/// Mean and target have one shape; the variance has it too, or one element (or none) in place of the last axis. `full`
/// adds the constant ½·ln 2π. A variance below ε still gets its gradient. Stops when shapes or dtypes do not fit and at
/// negative variances.
///
/// ```swift
/// gaussianNLLLoss(Tensor([1.0, 3.0]), Tensor([1.0, 1.0]), variance: Tensor([1.0, 1.0]), reduction: .none)  // → [0.0, 2.0]
/// ```
public func gaussianNLLLoss(
  _ mean: Tensor, _ target: Tensor, variance: Tensor, full: Bool = false, epsilon: Double = 1e-6,
  reduction: LossReduction = .mean
) -> Tensor {
  let (mean, target) = equallyShaped("gaussianNLLLoss", mean, target)
  let variance = Autocast.widened(variance)
  let outer = mean.shape.dimensions.dropLast()
  let isPerRow = mean.rank > 0 && variance.shape == Shape(Array(outer))
  guard variance.dtype == mean.dtype, variance.shape == mean.shape || isPerRow || variance.shape == Shape(outer + [1])
  else {
    stop(
      "gaussianNLLLoss", "a variance \(variance.dtype) \(variance.shape) for a mean \(mean.dtype) \(mean.shape)",
      fix: "pass one variance for each element, or one for all elements along the last axis")
  }
  if variance.count > 0, (variance.detached() .< 0).any().item(Bool.self) {
    stop("gaussianNLLLoss", "a variance is negative", fix: "predict its logarithm, or apply softplus")
  }
  let given = isPerRow && variance.shape != mean.shape ? variance.unsqueezed(-1) : variance
  let raise = given.detached().clamped(to: epsilon...) - given.detached()
  let v = given + raise
  let losses = (v.log() + (mean - target).square() / v) * 0.5
  return reduction(full ? losses + 0.5 * 1.8378770664093453 : losses)
}
