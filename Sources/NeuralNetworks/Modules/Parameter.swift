import TensorCore

/// A tensor that training changes: its value stands on the tape as a leaf, so that gradients reach it.
///
/// Its shape stays for life; its dtype changes only with `cast(to:)`.
///
/// ```swift
/// let w = Parameter(Tensor([3.0]))
/// w.value.square().sum().backward()
/// w.gradient?.item() ?? 0  // → 6.0
/// w.update { $0 -= 1 }
/// w.value  // → [2.0]
/// ```
public final class Parameter {
  /// Off the tape, and held here alone where nobody else keeps a copy: so that an optimiser can write it in place.
  private var stored: Tensor
  private let leaf: Leaf

  /// The path under which the module that was last asked for its parameters has it: `0.weight`. Empty before.
  public internal(set) var name = ""

  /// Whether gradients reach it. Set it to false to freeze the parameter.
  public var requiresGradient: Bool

  /// Stops unless the value is of a floating-point dtype.
  public init(_ value: Tensor, requiresGradient: Bool = true) {
    guard value.dtype.isFloatingPoint else {
      stop("Parameter", "a \(value.dtype) tensor has no gradient", fix: "cast it to .float32, or hold it in a Buffer")
    }
    stored = value.detached()
    leaf = Leaf(shape: value.shape)
    self.requiresGradient = requiresGradient
  }

  public var shape: Shape { stored.shape }
  public var dtype: DType { stored.dtype }
  /// The number of elements.
  public var count: Int { stored.count }

  /// The value, as a leaf of the tape unless the parameter is frozen. Setting it stops when the shape or the dtype
  /// differs.
  public var value: Tensor {
    get { requiresGradient ? leaf.attached(to: stored) : stored }
    set {
      requireFit(newValue, "value")
      stored = newValue.detached()
    }
  }

  /// What backward passes have added up since it was last set to nil. Setting it stops when the shape or the dtype
  /// differs.
  public var gradient: Tensor? {
    get { leaf.accumulator.gradient }
    set {
      if let newValue { requireFit(newValue, "gradient") }
      leaf.accumulator.gradient = newValue
    }
  }

  /// Changes the value where it stands, off the tape: without a copy, unless somebody else still holds it.
  /// Stops when the shape or the dtype is another one afterwards.
  ///
  /// ```swift
  /// let w = Parameter(Tensor([1.0]))
  /// w.update { $0 += 1 }
  /// w.value.detached()  // → [2.0]
  /// ```
  public func update(_ body: (inout Tensor) -> Void) {
    let (shape, dtype) = (stored.shape, stored.dtype)
    body(&stored)
    if stored.requiresGradient { stored = stored.detached() }
    if stored.shape != shape || stored.dtype != dtype { stopOnChange(stored, from: shape, dtype, "update") }
  }

  /// The same without the checks, for an optimiser's fused step, which keeps shape and dtype.
  package func updateUnchecked(_ body: (inout Tensor) -> Void) { body(&stored) }

  /// Converts the value to another floating-point dtype and drops the gradient.
  ///
  /// ```swift
  /// let w = Parameter(Tensor([1.0]))
  /// w.cast(to: .float64)
  /// w.dtype  // → float64
  /// ```
  public func cast(to dtype: DType) {
    guard dtype.isFloatingPoint else {
      stop("Parameter.cast", "\(dtype) is not a floating-point dtype", fix: "use .float32, .float64 or .bfloat16")
    }
    if dtype == self.dtype { return }
    stored = stored.cast(to: dtype)
    leaf.accumulator.gradient = nil
  }

  private func requireFit(_ new: Tensor, _ what: String) {
    if new.shape != shape || new.dtype != dtype { stopOnChange(new, from: shape, dtype, what) }
  }

  private func stopOnChange(_ new: Tensor, from shape: Shape, _ dtype: DType, _ what: String) -> Never {
    stop(
      "Parameter.\(what)",
      "\(name.isEmpty ? "a parameter" : name) is \(dtype) \(shape), and the new tensor \(new.dtype) \(new.shape)",
      fix: "keep the shape and the dtype; cast(to:) changes the dtype, another shape needs another parameter")
  }
}
