import TensorCore

/// What `Padding1d`, `Padding2d` and `Padding3d` have in common: an edge around sequences, pictures or volumes,
/// PyTorch's ZeroPad, ConstantPad, ReflectionPad, ReplicationPad and CircularPad in one.
///
/// [batch, channels, size …] → [batch, channels, before + size + after …]. A reflection is narrower than the input, a
/// wrapped edge at most as wide. Stops when the shapes do not fit.
///
/// ```swift
/// Padding1d(2, edge: .reflected)(Tensor([[[1.0, 2.0, 3.0]]]))  // → [[[3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 1.0]]]
/// ```
public class Padding<Size: WindowSize>: Module {
  /// The widths before and after each axis of space.
  public final let widths: [(before: Int, after: Int)]
  public final let edge: PaddingEdge

  init(_ widths: [(before: Int, after: Int)], _ edge: PaddingEdge) {
    self.widths = widths
    self.edge = edge
  }

  /// The same width on all sides.
  public convenience init(_ width: Int, edge: PaddingEdge = .zero) {
    self.init(Size.axes.map { _ in (width, width) }, edge)
  }

  public final func callAsFunction(_ x: Tensor) -> Tensor {
    if x.rank != Size.axes.count + 2 { stop(title, "x is \(x.shape)", fix: "pass \(Size.inputAxes())") }
    return edge.around(x, widths)
  }

  public final func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == Size.axes.count + 2 else { throw ShapeError(self, input: input, "expects \(Size.inputAxes())") }
    return Shape([input[0], input[1]] + (try edge.sizes(around: input, widths, of: self)))
  }

  public final override var configuration: String {
    widths.map { "\($0.before), \($0.after)" }.joined(separator: ", ") + edge.note
  }
}

/// Sequences with an edge around them: a constant, or a continuation of the sequence. See `Padding`.
///
/// [batch, channels, length] → [batch, channels, left + length + right].
///
/// ```swift
/// Padding1d(left: 1, right: 2, edge: .repeated)(Tensor([[[5.0, 6.0]]]))  // → [[[5.0, 5.0, 6.0, 6.0, 6.0]]]
/// ```
public final class Padding1d: Padding<Int>, Layer {
  public convenience init(left: Int, right: Int, edge: PaddingEdge = .zero) { self.init([(left, right)], edge) }
}

/// Pictures with an edge around them: a constant, or a continuation of the picture. See `Padding`.
///
/// [batch, channels, height, width] → [batch, channels, top + height + bottom, left + width + right].
///
/// ```swift
/// Padding2d(1)(Tensor([[[[5.0]]]]))[0, 0, 1]  // → [0.0, 5.0, 0.0]
/// ```
public final class Padding2d: Padding<Size2D>, Layer {
  public convenience init(top: Int, bottom: Int, left: Int, right: Int, edge: PaddingEdge = .zero) {
    self.init([(top, bottom), (left, right)], edge)
  }
}

/// Volumes with an edge around them: a constant, or a continuation of the volume. See `Padding`.
///
/// [batch, channels, depth, height, width] → [batch, channels, front + depth + back, top + height + bottom, left +
/// width + right].
///
/// ```swift
/// Padding3d(1, edge: .constant(2))(Tensor.ones([1, 1, 2, 2, 2])).shape  // → [1, 1, 4, 4, 4]
/// ```
public final class Padding3d: Padding<Size3D>, Layer {
  public convenience init(
    front: Int, back: Int, top: Int, bottom: Int, left: Int, right: Int, edge: PaddingEdge = .zero
  ) {
    self.init([(front, back), (top, bottom), (left, right)], edge)
  }
}
