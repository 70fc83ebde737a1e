import TensorCore

/// The absolute error between prediction and target, |pᵢ − tᵢ|, averaged over all elements unless told otherwise. Its
/// derivative at 0 is taken as 0.
///
/// Both have one shape, which is the result's for `.none`; other reductions give a scalar. Stops when the shapes or
/// dtypes differ.
///
/// ```swift
/// l1Loss(Tensor([1.0, 2.0]), Tensor([1.0, 4.0]))  // → 1.0
/// ```
public func l1Loss(_ prediction: Tensor, _ target: Tensor, reduction: LossReduction = .mean) -> Tensor {
  let (prediction, target) = equallyShaped("l1Loss", prediction, target)
  return reduction((prediction - target).abs())
}
