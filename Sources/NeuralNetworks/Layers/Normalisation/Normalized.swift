import TensorCore

/// Vectors along an axis divided by their length: x/max(‖x‖_p, ε). PyTorch's `normalize`. The shape stays. Stops unless
/// p > 0.
///
/// ```swift
/// normalized(Tensor([[3.0, 4.0]]))  // → [[0.6, 0.8]]
/// ```
public func normalized(_ x: Tensor, p: Double = 2, axis: Int = 1, epsilon: Double = 1e-12) -> Tensor {
  x / x.norm(p, axes: [axis], keepingDimensions: true).clamped(to: epsilon...)
}
