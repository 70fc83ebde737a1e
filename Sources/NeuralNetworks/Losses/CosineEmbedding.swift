import TensorCore

/// A loss on the angle between two batches of vectors: 1 − cos where the label is 1, max(0, cos − margin) where it is
/// −1. Averaged over the batch unless told otherwise.
///
/// a and b [batch, features] (or [features]), labels [batch] of 1 and −1 in any dtype. Stops when shapes or dtypes do
/// not fit.
///
/// ```swift
/// let (a, b) = (Tensor([[1.0, 0.0], [1.0, 0.0]]), Tensor([[0.0, 2.0], [2.0, 0.0]]))
/// cosineEmbeddingLoss(a, b, Tensor([1, -1]), reduction: .none)  // → [1.0, 1.0]
/// ```
public func cosineEmbeddingLoss(
  _ a: Tensor, _ b: Tensor, _ labels: Tensor, margin: Double = 0, reduction: LossReduction = .mean
) -> Tensor {
  let (a, b) = equallyShaped("cosineEmbeddingLoss", a, b)
  let isAlike = isPositive("cosineEmbeddingLoss", labels, shape: Shape(Array(a.shape.dimensions.dropLast())))
  let cosine = cosineSimilarity(a, b)
  return reduction(Tensor.where(isAlike, 1 - cosine, (cosine - margin).relu()))
}

/// Where labels are 1 rather than −1. Stops at other labels and other shapes.
func isPositive(_ loss: String, _ labels: Tensor, shape: Shape) -> Tensor {
  let labels = labels.detached()
  guard labels.shape == shape else {
    stop(loss, "labels \(labels.shape) for losses \(shape)", fix: "pass one label for each loss")
  }
  let (positive, negative) = (labels .== 1, labels .== -1)
  guard labels.count == 0 || (positive .| negative).all().item(Bool.self) else {
    stop(loss, "a label is neither 1 nor −1", fix: "use 1 for alike and −1 for unlike")
  }
  return positive
}
