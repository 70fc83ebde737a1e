import TensorCore

/// xᵢ within the range, its ends outside. The shape stays.
///
/// ```swift
/// Hardtanh()(Tensor([-3.0, 0.5]))  // → [-1.0, 0.5]
/// ```
public final class Hardtanh: Module, ShapePreserving {
  public let range: ClosedRange<Double>

  public init(_ range: ClosedRange<Double> = -1...1) {
    self.range = range
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.hardTanh(range) }

  public override var configuration: String { "\(range.lowerBound)...\(range.upperBound)" }
}
