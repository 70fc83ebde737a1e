import TensorCore

/// xᵢ where xᵢ > threshold, else the given value. The shape stays.
///
/// ```swift
/// Threshold(1, value: 7)(Tensor([0.0, 2.0]))  // → [7.0, 2.0]
/// ```
public final class Threshold: Module, ShapePreserving {
  public let threshold: Double
  public let value: Double

  public init(_ threshold: Double, value: Double) {
    self.threshold = threshold
    self.value = value
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.thresholded(threshold, else: value) }

  public override var configuration: String { "threshold \(threshold), value \(value)" }
}
