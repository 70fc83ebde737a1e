import TensorCore

/// Pictures with an edge around them: a constant, or a continuation of the picture.
///
/// [batch, channels, height, width] → [batch, channels, top + height + bottom, left + width + right]. PyTorch's ZeroPad2d, ConstantPad2d,
/// ReflectionPad2d, ReplicationPad2d and CircularPad2d in one.
///
/// ```swift
/// Padding2d(1)(Tensor([[[[5.0]]]]))[0, 0, 1]  // → [0.0, 5.0, 0.0]
/// ```
public final class Padding2d: Module, Layer {
  /// What the edge holds.
  public enum Edge: Sendable {
    case constant(Double)
    case continuation(Tensor.Continuation)
  }

  public let vertical: (before: Int, after: Int)
  public let horizontal: (before: Int, after: Int)
  public let edge: Edge

  public init(top: Int, bottom: Int, left: Int, right: Int, edge: Edge = .constant(0)) {
    vertical = (top, bottom)
    horizontal = (left, right)
    self.edge = edge
  }

  /// The same width on all sides.
  public convenience init(_ width: Int, edge: Edge = .constant(0)) {
    self.init(top: width, bottom: width, left: width, right: width, edge: edge)
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    let widths = [(0, 0), (0, 0), vertical, horizontal]
    switch edge {
    case .constant(let value): return x.padded(widths, with: value)
    case .continuation(let continuation): return x.padded(widths, by: continuation)
    }
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 4 else { throw ShapeError(self, input: input, "expects [batch, channels, height, width]") }
    return [
      input[0], input[1], input[2] + vertical.before + vertical.after, input[3] + horizontal.before + horizontal.after,
    ]
  }

  public override var configuration: String {
    "\(vertical.before), \(vertical.after), \(horizontal.before), \(horizontal.after)"
  }
}
