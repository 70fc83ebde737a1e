import TensorCore

/// A tensor that belongs to a module's state but is not trained: a running mean, a count. It is saved in state
/// dictionaries.
///
/// ```swift
/// let steps = Buffer(Tensor(0))
/// steps.update { $0 += 1 }
/// steps.value  // → 1
/// ```
public final class Buffer {
  private var stored: Tensor

  /// The path under which the module that was last asked for its buffers has it: `1.running_mean`. Empty before.
  public internal(set) var name = ""

  public init(_ value: Tensor) { stored = value.detached() }

  public var shape: Shape { stored.shape }
  public var dtype: DType { stored.dtype }

  /// The value, off the tape. Setting it stops when the shape or the dtype differs.
  public var value: Tensor {
    get { stored }
    set { update { $0 = newValue } }
  }

  /// Changes the value where it stands. Stops when the shape or the dtype is another one afterwards.
  ///
  /// ```swift
  /// let b = Buffer(Tensor([1.0]))
  /// b.update { $0 += 1 }
  /// b.value  // → [2.0]
  /// ```
  public func update(_ body: (inout Tensor) -> Void) {
    let (shape, dtype) = (stored.shape, stored.dtype)
    body(&stored)
    if stored.requiresGradient { stored = stored.detached() }
    if stored.shape != shape || stored.dtype != dtype {
      stop(
        "Buffer",
        "\(name.isEmpty ? "a buffer" : name) is \(dtype) \(shape), and the new tensor \(stored.dtype) \(stored.shape)",
        fix: "keep the shape and the dtype")
    }
  }

  /// Converts the value to another dtype.
  public func cast(to dtype: DType) { stored = stored.cast(to: dtype) }
}
