import TensorCore

/// The negative log-likelihood of labels under given log-probabilities: −x[label], averaged over the batch unless told
/// otherwise. `crossEntropy` is this loss after `logSoftmax`, fused.
///
/// `logProbabilities` [batch, classes], or [batch, classes, ...] with labels [batch, ...]. `weight` [classes]
/// multiplies the losses of each class' labels, and a mean is divided by the sum of the labels' weights; labels equal
/// to `ignored` count for nothing. Stops when the shapes do not fit or a label is out of range.
///
/// ```swift
/// nllLoss(Tensor([[-0.5, -1.5], [-2.0, -0.25]]), Tensor([0, 1]), reduction: .none)  // → [0.5, 0.25]
/// ```
public func nllLoss(
  _ logProbabilities: Tensor, _ labels: Tensor, weight: Tensor? = nil, ignoring ignored: Int? = nil,
  reduction: LossReduction = .mean
) -> Tensor {
  let logProbabilities = Autocast.widened(logProbabilities)
  let sizes = logProbabilities.shape.dimensions
  guard sizes.count >= 2, logProbabilities.dtype.isFloatingPoint, labels.dtype.isInteger,
    labels.shape.dimensions == [sizes[0]] + sizes[2...]
  else {
    stop(
      "nllLoss",
      "log-probabilities \(logProbabilities.dtype) \(logProbabilities.shape) and labels \(labels.dtype) \(labels.shape) do not fit",
      fix: "log-probabilities are [batch, classes, ...], labels integers of shape [batch, ...]")
  }
  let rows = logProbabilities.permuted([0] + Array(2..<sizes.count) + [1]).reshaped([labels.count, sizes[1]])
  let weights = LabelWeights("nllLoss", labels.reshaped([labels.count]), rows, weight, ignoring: ignored)
  let losses = -rows.gathered(axis: 1, indices: weights.labels.unsqueezed(1)).squeezed(1)
  let reduced = weights.reduced(weights.weighted(losses), reduction)
  return reduction == .none ? reduced.reshaped(labels.shape) : reduced
}
