import TensorCore

/// The squared error between prediction and target, (pᵢ − tᵢ)², averaged over all elements unless told otherwise.
///
/// Both have one shape, which is the result's for `.none`; other reductions give a scalar. Stops when the shapes or
/// dtypes differ.
///
/// ```swift
/// mseLoss(Tensor([1.0, 2.0]), Tensor([1.0, 4.0]))  // → 2.0
/// ```
public func mseLoss(_ prediction: Tensor, _ target: Tensor, reduction: LossReduction = .mean) -> Tensor {
  let (prediction, target) = equallyShaped("mseLoss", prediction, target)
  return reduction((prediction - target).square())
}
