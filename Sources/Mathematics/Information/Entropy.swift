import TensorCore

/// H(p) = −Σᵢ pᵢ ln pᵢ in nats, along the last axis; 0·ln 0 counts as 0 (Shannon, "A mathematical theory of communication", 1948).
///
/// ```swift
/// entropy(Tensor([0.5, 0.5], dtype: .float64)).item()  // ≈ 0.6931
/// ```
public func entropy(_ p: Tensor) -> Tensor {
  -Tensor.where(p .> 0, p * Tensor.where(p .> 0, p, Tensor(1.0, dtype: p.dtype)).log(), Tensor(0.0, dtype: p.dtype))
    .sum(axis: -1)
}
