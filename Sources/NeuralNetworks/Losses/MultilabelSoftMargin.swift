import TensorCore

/// The mean over classes of the cross entropies between independent labels and σ(x): −1/C·Σ_c w_c·(t_c·ln σ(x_c) + (1 −
/// t_c)·ln(1 − σ(x_c))), averaged over the batch unless told otherwise.
///
/// Logits and targets are [batch, classes], `weight` is [classes]; the losses are [batch]. Stops when shapes or dtypes
/// do not fit.
///
/// ```swift
/// multilabelSoftMarginLoss(Tensor([[0.0, 0.0]]), Tensor([[1.0, 0.0]]))  // → 0.6931472
/// ```
public func multilabelSoftMarginLoss(
  _ logits: Tensor, _ targets: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean
) -> Tensor {
  let (logits, targets) = equallyShaped("multilabelSoftMarginLoss", logits, targets)
  guard logits.rank > 0, weight == nil || weight?.shape == [logits.shape[-1]] else {
    stop(
      "multilabelSoftMarginLoss", "logits \(logits.shape)\(weight.map { ", a weight \($0.shape)" } ?? "")",
      fix: "pass logits [batch, classes] and a weight [classes]")
  }
  let each = binaryCrossEntropyWithLogits(logits, targets, reduction: .none)
  return reduction((weight.map { each * $0 } ?? each).mean(axis: -1))
}
