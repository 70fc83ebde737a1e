import TensorCore

/// What lies around sequences, pictures and volumes beyond their edge: zeros, another number, or a continuation of themselves.
/// PyTorch's `padding_mode`; what `Padding` and convolutions take.
///
/// ```swift
/// let layer = Conv1d(1, 1, kernel: 3, padding: .same, edge: .wrapped, bias: false)
/// layer.weight.value = Tensor([[[1.0, 0.0, 0.0]]])
/// layer(Tensor([[[1.0, 2.0, 3.0]]])).detached()  // → [[[3.0, 1.0, 2.0]]]
/// ```
public enum PaddingEdge: Sendable, Equatable {
  case constant(Double)
  case continuation(Tensor.Continuation)

  /// Zeros.
  public static var zero: PaddingEdge { .constant(0) }
  /// The input mirrored, without its last element.
  public static var reflected: PaddingEdge { .continuation(.reflected) }
  /// The last element again and again.
  public static var repeated: PaddingEdge { .continuation(.repeated) }
  /// The input from its other side.
  public static var wrapped: PaddingEdge { .continuation(.wrapped) }

  /// x [batch, channels, size …] with an edge of the given widths around its axes of space.
  func around(_ x: Tensor, _ widths: [(before: Int, after: Int)]) -> Tensor {
    let all = [(0, 0), (0, 0)] + widths
    switch self {
    case .constant(let value): return x.padded(all, with: value)
    case .continuation(let continuation): return x.padded(all, by: continuation)
    }
  }

  /// The sizes of space with the edge; `input` has the layer's rank.
  func sizes(around input: Shape, _ widths: [(before: Int, after: Int)], of layer: Module) throws(ShapeError) -> [Int] {
    let space = input.dimensions[2...]
    if case .continuation(let continuation) = self {
      for (size, width) in zip(space, widths) where max(width.before, width.after) > continuation.widest(around: size) {
        throw ShapeError(layer, input: input, "expects an input that can be continued so far")
      }
    }
    return zip(space, widths).map { $0 + $1.before + $1.after }
  }

  /// What a layer's configuration says of it: `, reflected`; of zeros nothing.
  var note: String {
    switch self {
    case .constant(let value): value == 0 ? "" : ", constant \(value)"
    case .continuation(let continuation): ", \(continuation)"
    }
  }
}
