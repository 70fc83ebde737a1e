import TensorCore

/// The logistic loss of labels 1 and −1: ln(1 + e^(−yᵢ·xᵢ)), averaged over all elements unless told otherwise.
///
/// x and labels have one shape and one dtype. Stops when they differ.
///
/// ```swift
/// softMarginLoss(Tensor([0.0, 100.0]), Tensor([1.0, -1.0]), reduction: .none)  // → [0.6931472, 100.0]
/// ```
public func softMarginLoss(_ x: Tensor, _ labels: Tensor, reduction: LossReduction = .mean) -> Tensor {
  let (x, labels) = equallyShaped("softMarginLoss", x, labels)
  return binaryCrossEntropyWithLogits(x * labels, Tensor.ones(like: x), reduction: reduction)
}
