import TensorCore

/// A layer whose weight can be given from outside: what `WeightNorm` and `SpectralNorm` wrap.
public protocol WeightedLayer: Layer {
  var weight: Parameter { get }
  var bias: Parameter? { get }

  /// The layer's map with another weight in place of its own.
  func output(for x: Tensor, weight: Tensor) -> Tensor
}

extension Linear: WeightedLayer {
  public func output(for x: Tensor, weight: Tensor) -> Tensor { linear(x, weight, bias?.value) }
}

extension Conv2d: WeightedLayer {
  public func output(for x: Tensor, weight: Tensor) -> Tensor {
    conv2d(x, weight, bias?.value, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}
