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
  public func detached() -> Tensor { Tensor(storage: storage, layout: layout, offset: offset) }

  /// The gradient that `backward()` has added up at this leaf, or nil.
  public var gradient: Tensor? {
    node?.accumulator?.gradient
  }
}

// How an op puts its result on the tape. Each rule maps the gradient of the output, which has its shape, to the gradient of one
// input, in tensor ops; so that a recorded backward pass can be differentiated again. A rule for an input that needs no gradient is
// dropped at once, with what it captured. Ask `Tape.records` first: it keeps unrecorded ops free of closures.
extension Tensor {
  /// Records a function of one input.
  public func recorded(_ op: String, from a: Tensor, _ rule: @escaping @Sendable (Tensor) -> Tensor) -> Tensor {
    guard let parent = a.node, Tape.isRecording else { return self }
    return placed(Node(op: op, shape: shape, parents: [parent], backward: .each([rule])))
  }

  /// Records a function of one input whose rule uses the output as well: exp, tanh, softmax.
  public func recorded(
    _ op: String, from a: Tensor,
    usingOutput rule: @escaping @Sendable (_ gradient: Tensor, _ output: Tensor) -> Tensor
  ) -> Tensor {
    guard let parent = a.node, Tape.isRecording else { return self }
    return placed(Node(op: op, shape: shape, parents: [parent], backward: .fromOutput(detached(), rule)))
  }

  /// Records a function of two inputs.
  public func recorded(
    _ op: String, from a: Tensor, _ ruleA: @escaping @Sendable (Tensor) -> Tensor,
    from b: Tensor, _ ruleB: @escaping @Sendable (Tensor) -> Tensor
  ) -> Tensor {
    guard Tape.isRecording else { return self }
    switch (a.node, b.node) {
    case (nil, nil): return self
    case (let parent?, nil):
      return placed(Node(op: op, shape: shape, parents: [parent], backward: .each([ruleA])))
    case (nil, let parent?):
      return placed(Node(op: op, shape: shape, parents: [parent], backward: .each([ruleB])))
    case (let first?, let second?):
      return placed(Node(op: op, shape: shape, parents: [first, second], backward: .each([ruleA, ruleB])))
    }
  }

  /// Records a function of any number of inputs.
  public func recorded(_ op: String, from inputs: [(Tensor, @Sendable (Tensor) -> Tensor)]) -> Tensor {
    guard Tape.isRecording else { return self }
    let tracked = inputs.filter { $0.0.node != nil }
    if tracked.isEmpty { return self }
    return placed(
      Node(op: op, shape: shape, parents: tracked.map { $0.0.node }, backward: .each(tracked.map { $0.1 })))
  }

  /// Records a function whose inputs' gradients share work; nil where an input needs none.
  public func recorded(
    _ op: String, from inputs: [Tensor], jointly rule: @escaping @Sendable (Tensor) -> [Tensor?]
  ) -> Tensor {
    guard Tape.records(inputs) else { return self }
    return placed(Node(op: op, shape: shape, parents: inputs.map(\.node), backward: .joint(rule)))
  }

  /// Marks the result of an op that has no derivative: a backward pass that reaches it stops with the op's name.
  public func recordedAsConstant(_ op: String, from a: Tensor, because reason: String) -> Tensor {
    guard a.node != nil, Tape.isRecording else { return self }
    return placed(Node(op: op, shape: shape, parents: [a.node], backward: .none(reason: reason)))
  }

  @inline(__always)
  private func placed(_ node: Node) -> Tensor {
    Tensor(storage: storage, layout: layout, offset: offset, node: node)
  }
}
