import TensorCore

/// The largest difference between two tensors; infinite for other shapes.
func gap(_ a: Tensor, _ b: Tensor) -> Double {
  a.shape == b.shape ? (a.cast(to: .float64) - b.cast(to: .float64)).abs().max().item() : .infinity
}

/// The same, relative to the larger of 1 and the second's largest element.
func relativeGap(_ a: Tensor, _ b: Tensor) -> Double { gap(a, b) / max(1, b.cast(to: .float64).abs().max().item()) }
