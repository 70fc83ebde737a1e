import TensorCore

/// The cosine of the angle between vectors: Σᵢ aᵢ·bᵢ / (max(‖a‖, ε)·max(‖b‖, ε)) along an axis.
///
/// a and b broadcast against each other; the axis is gone from the result. Stops when shapes or dtypes do not fit.
///
/// ```swift
/// cosineSimilarity(Tensor([[1.0, 0.0], [2.0, 2.0]]), Tensor([[0.0, 3.0], [1.0, 1.0]]))  // → [0.0, 1.0]
/// ```
public func cosineSimilarity(_ a: Tensor, _ b: Tensor, axis: Int = -1, epsilon: Double = 1e-8) -> Tensor {
  guard a.rank > 0, b.rank > 0 else {
    stop("cosineSimilarity", "a \(a.shape), b \(b.shape)", fix: "pass vectors along some axis")
  }
  // Squared, so that the root of a zero vector is never differentiated.
  func squaredLength(_ x: Tensor) -> Tensor { x.square().sum(axis: axis).clamped(to: (epsilon * epsilon)...) }
  return (a * b).sum(axis: axis) * (squaredLength(a) * squaredLength(b)).rsqrt()
}
