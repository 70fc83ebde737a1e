import TensorCore

/// Sequences, pictures or volumes at another size: see `resized(_:to:by:alignCorners:)` and
/// `resized(_:times:by:alignCorners:)`.
///
/// [batch, channels, size …] → [batch, channels, out …] with out = ⌊size·factor⌋, or as given. Stops when the shapes do
/// not fit.
///
/// ```swift
/// Upsample(factor: 2)(Tensor([[[[1.0, 2.0]]]]))[0, 0, 1]  // → [1.0, 1.0, 2.0, 2.0]
/// Upsample(to: 4, by: .linear)(Tensor([[[1.0, 3.0]]]))  // → [[[1.0, 1.5, 2.5, 3.0]]]
/// Upsample(factors: [1, 2, 3], by: .trilinear)(Tensor.ones([1, 1, 2, 2, 2])).shape  // → [1, 1, 2, 4, 6]
/// ```
public final class Upsample: Module, Layer {
  /// What the output's sizes are; a single number stands for all axes of space.
  public enum Target: Sendable, Equatable {
    case sizes([Int])
    case factors([Double])
  }

  public let target: Target
  public let interpolation: Interpolation
  public let alignCorners: Bool

  public init(_ target: Target, by interpolation: Interpolation = .nearest, alignCorners: Bool = false) {
    self.target = target
    self.interpolation = interpolation
    self.alignCorners = alignCorners
  }

  /// All axes by one factor.
  public convenience init(factor: Double, by interpolation: Interpolation = .nearest, alignCorners: Bool = false) {
    self.init(.factors([factor]), by: interpolation, alignCorners: alignCorners)
  }

  /// Each axis by its factor.
  public convenience init(
    factors: [Double], by interpolation: Interpolation = .nearest, alignCorners: Bool = false
  ) {
    self.init(.factors(factors), by: interpolation, alignCorners: alignCorners)
  }

  /// All axes to one size.
  public convenience init(to size: Int, by interpolation: Interpolation = .nearest, alignCorners: Bool = false) {
    self.init(.sizes([size]), by: interpolation, alignCorners: alignCorners)
  }

  /// Each axis to its size.
  public convenience init(to sizes: [Int], by interpolation: Interpolation = .nearest, alignCorners: Bool = false) {
    self.init(.sizes(sizes), by: interpolation, alignCorners: alignCorners)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch target {
    case .sizes(let sizes):
      resized(x, to: each(sizes, x.rank), by: interpolation, alignCorners: alignCorners)
    case .factors(let factors):
      resized(x, times: each(factors, x.rank), by: interpolation, alignCorners: alignCorners)
    }
  }

  /// One number for each axis of space.
  private func each<Number>(_ numbers: [Number], _ rank: Int) -> [Number] {
    numbers.count == 1 ? Array(repeating: numbers[0], count: max(rank - 2, 0)) : numbers
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    let space = Array(input.dimensions.dropFirst(2))
    let sizes =
      switch target {
      case .sizes(let sizes): each(sizes, input.rank)
      case .factors(let factors):
        each(factors, input.rank).enumerated().map { $0 < space.count ? resizedSize(space[$0], times: $1) : 0 }
      }
    guard (3...5).contains(input.rank), sizes.count == space.count else {
      throw ShapeError(self, input: input, "expects [batch, channels, size …]")
    }
    return Shape([input[0], input[1]] + sizes)
  }

  public override var configuration: String {
    func list(_ numbers: [some CustomStringConvertible]) -> String {
      numbers.map(\.description).joined(separator: "×")
    }
    let text =
      switch target {
      case .sizes(let sizes): "to \(list(sizes))"
      case .factors(let factors): "by \(list(factors))"
      }
    return "\(text), \(interpolation)\(alignCorners ? ", corners aligned" : "")"
  }
}
