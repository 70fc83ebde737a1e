import TensorCore

/// A layer whose weight can be given from outside: what `WeightNorm`, `SpectralNorm` and `OrthogonalWeight` wrap.
/// Affine maps and convolutions are such layers.
///
/// ```swift
/// Linear(2, 1, bias: false).output(for: Tensor([[1.0, 2.0]]), weight: Tensor([[3.0, 4.0]]))  // → [[11.0]]
/// ```
public protocol WeightedLayer: Layer {
  var weight: Parameter { get }
  var bias: Parameter? { get }

  /// The layer's map with another weight in place of its own.
  func output(for x: Tensor, weight: Tensor) -> Tensor
}

extension WeightedLayer {
  public func callAsFunction(_ x: Tensor) -> Tensor { output(for: x, weight: weight.value) }
}
