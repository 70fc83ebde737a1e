import CKernels

/// Whether ops are being recorded. Each thread has its own switch, on at first.
enum Tape {
  static var isRecording: Bool { gb_recording() != 0 }

  /// Whether an op on this input is to be recorded.
  @inline(__always)
  static func records(_ a: Tensor) -> Bool { a.node != nil && isRecording }

  @inline(__always)
  static func records(_ a: Tensor, _ b: Tensor) -> Bool { (a.node != nil || b.node != nil) && isRecording }

  @inline(__always)
  static func records(_ a: Tensor, _ b: Tensor, _ c: Tensor?) -> Bool {
    (a.node != nil || b.node != nil || c?.node != nil) && isRecording
  }

  static func records(_ inputs: [Tensor]) -> Bool { isRecording && inputs.contains { $0.node != nil } }

  static func withRecording<R>(_ on: Bool, _ body: () throws -> R) rethrows -> R {
    let previous = gb_set_recording(on ? 1 : 0)
    defer { gb_set_recording(previous) }
    return try body()
  }

  /// For backward rules: they run in the dtypes of the forward pass, whatever region they are called in.
  static func withRules<R>(recorded: Bool, _ body: () throws -> R) rethrows -> R {
    try withRecording(recorded) { try Autocast.isOn ? withoutAutocast(body) : body() }
  }
}

/// Runs `body` without recording: its results carry no gradient. For evaluation and for updates of parameters.
///
/// ```swift
/// let x = Tensor(2.0).requiringGradient()
/// withoutGradients { x * x }.requiresGradient  // → false
/// ```
public func withoutGradients<R>(_ body: () throws -> R) rethrows -> R {
  try Tape.withRecording(false, body)
}

extension Tensor {
  /// Whether gradients flow through this tensor: it is a leaf that asked for them, or was computed from one.
  public var requiresGradient: Bool { node != nil }

  /// The same values as a new leaf of the tape, whose gradient can be asked for.
  ///
  /// ```swift
  /// let x = Tensor([1.0, 2.0, 3.0]).requiringGradient()
  /// let y = (x * x).sum()
  /// gradients(of: y, withRespectTo: [x])[0]  // → [2.0, 4.0, 6.0]
  /// ```
  public func requiringGradient() -> Tensor {
    guard dtype.isFloatingPoint else {
      stop("requiringGradient", "a \(dtype) tensor has no gradient", fix: "cast(to: .float32) first")
    }
    return Leaf(shape: shape).attached(to: self)
  }

  /// The same values off the tape: no gradient flows back through the result.
  ///
  /// ```swift
  /// (Tensor([2.0]).requiringGradient() * 3).detached().requiresGradient  // → false
  /// ```
  public func detached() -> Tensor { Tensor(storage: storage, layout: layout, offset: offset) }

  /// The gradient that `backward()` has added up at this leaf, or nil.
  public var gradient: Tensor? {
    node?.accumulator?.gradient
  }
}
