import TensorCore

/// The distance between two batches of vectors along the last axis: (Σᵢ |aᵢ − bᵢ + ε|ᵖ)^(1/p); `.infinity` gives the largest
/// |aᵢ − bᵢ + ε|. The small ε keeps the gradient finite where two vectors are equal.
///
/// a and b [..., features], broadcast → [...]. Stops when shapes or dtypes do not fit, and unless p > 0.
///
/// ```swift
/// pairwiseDistance(Tensor([[3.0, 4.0]]), Tensor([[0.0, 0.0]]), epsilon: 0)  // → [5.0]
/// ```
public func pairwiseDistance(
  _ a: Tensor, _ b: Tensor, p: Double = 2, epsilon: Double = 1e-6, keepingDimensions: Bool = false
) -> Tensor {
  guard a.rank > 0, b.rank > 0, p > 0 else {
    stop("pairwiseDistance", "a \(a.shape), b \(b.shape), p \(p)", fix: "pass [..., features] and a p above 0")
  }
  let d = a - b + epsilon
  if p == 1 { return d.abs().sum(axis: -1, keepingDimensions: keepingDimensions) }
  if p == 2 { return d.square().sum(axis: -1, keepingDimensions: keepingDimensions).sqrt() }
  if p == .infinity { return d.abs().max(axis: -1, keepingDimensions: keepingDimensions) }
  return d.abs().power(p).sum(axis: -1, keepingDimensions: keepingDimensions).power(1 / p)
}
