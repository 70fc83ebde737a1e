import TensorCore

/// xᵢ for xᵢ ≥ 0, else aᵢ·xᵢ: in training with a slope drawn uniformly for each element, in evaluation mode with the
/// range's mean (Xu et al., "Empirical evaluation of rectified activations", 2015). The shape stays.
///
/// ```swift
/// let layer = RReLU(0.1...0.3)
/// layer.evaluate()
/// layer(Tensor([-1.0, 2.0]))  // → [-0.2, 2.0]
/// ```
public final class RReLU: Module, ShapePreserving {
  public let slopes: ClosedRange<Double>
  private let generator: RandomGenerator

  /// Draws from `generator` at each call in training mode.
  public init(_ slopes: ClosedRange<Double> = 1.0 / 8...1.0 / 3, using generator: RandomGenerator = .default) {
    self.slopes = slopes
    self.generator = generator
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    guard isTraining else { return x.leakyRelu(slope: (slopes.lowerBound + slopes.upperBound) / 2) }
    let drawn = Tensor.uniform(
      x.shape, from: slopes.lowerBound, to: slopes.upperBound, dtype: x.dtype, using: generator)
    return Tensor.where(x .>= 0, x, x * drawn)
  }

  public override var configuration: String { "\(slopes.lowerBound)...\(slopes.upperBound)" }
}
