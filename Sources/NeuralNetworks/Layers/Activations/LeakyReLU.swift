import TensorCore

/// xᵢ for xᵢ > 0, else slope·xᵢ. (Maas, Hannun & Ng, 2013.) The shape stays.
///
/// ```swift
/// LeakyReLU(slope: 0.5)(Tensor([-2.0, 2.0]))  // → [-1.0, 2.0]
/// ```
public final class LeakyReLU: Module, ShapePreserving {
  public let slope: Double

  public init(slope: Double = 0.01) {
    self.slope = slope
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.leakyRelu(slope: slope) }

  public override var configuration: String { "slope \(slope)" }
}
