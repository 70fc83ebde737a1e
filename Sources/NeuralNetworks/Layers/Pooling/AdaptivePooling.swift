import TensorCore

/// What adaptive pooling has in common: windows that together cover the input, whatever its size. Window i of n reaches
/// from ⌊i·size/n⌋ to ⌈(i + 1)·size/n⌉. [batch, channels, size …] → [batch, channels, `size` …].
///
/// ```swift
/// try AdaptiveAvgPool2d([2, 3]).outputShape(for: [1, 8, 5, 7])  // → [1, 8, 2, 3]
/// ```
public class AdaptivePooling<Size: WindowSize>: Module {
  /// The output's size.
  public final let size: Size

  /// Stops unless the size is at least 1 in every direction. Size 1 is global pooling.
  public init(_ size: Size) {
    if size.extents.contains(where: { $0 < 1 }) {
      stop("\(type(of: self))", "a size of \(size)", fix: "use at least 1 in every direction")
    }
    self.size = size
  }

  public final func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == Size.axes.count + 2, !input.dimensions[2...].contains(0) else {
      throw ShapeError(self, input: input, "expects \(Size.inputAxes())")
    }
    return Shape([input[0], input[1]] + size.extents)
  }

  public final override var configuration: String { "\(size)" }
}
