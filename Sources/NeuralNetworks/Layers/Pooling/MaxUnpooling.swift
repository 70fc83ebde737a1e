import TensorCore

/// What `MaxUnpool1d`, `MaxUnpool2d` and `MaxUnpool3d` have in common.
///
/// ```swift
/// let pool = MaxPool1d(kernel: 2).withIndices(Tensor([[[1.0, 3.0, 0.0]]]))
/// MaxUnpool1d(kernel: 2)(pool.values, indices: pool.indices, outputSize: 3)  // → [[[0.0, 3.0, 0.0]]]
/// ```
public class MaxUnpooling<Size: WindowSize>: Module {
  private let window: SlidingWindow<Size>

  /// The options of the pooling that is undone. Stops when a size can't be.
  public init(kernel: Size, stride: Size? = nil, padding: Size = 0) {
    window = SlidingWindow("\(type(of: self))", kernel: kernel, stride: stride ?? kernel, padding: padding)
  }

  public final func callAsFunction(_ x: Tensor, indices: Tensor, outputSize: Size? = nil) -> Tensor {
    guard x.rank == Size.axes.count + 2 else {
      stop(title, "x is \(x.shape)", fix: "pass \(Size.inputAxes())")
    }
    let usual = Size.axes.indices.map { axis in
      (x.shape[axis + 2] - 1) * window.stride.extents[axis] - 2 * window.padding.extents[axis]
        + window.kernel.extents[axis]
    }
    return maxUnpooled(x, indices: indices, to: outputSize?.extents ?? usual)
  }

  public final override var configuration: String { window.configuration(usualStride: window.kernel) }
}
