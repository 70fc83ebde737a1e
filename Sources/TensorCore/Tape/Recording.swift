// How an op puts its result on the tape, those of the library and your own alike. Each rule maps the gradient of the output, which
// has its shape, to the gradient of one input, in tensor ops; so that a recorded backward pass can be differentiated again. A rule for an
// input that needs no gradient is dropped at once, with what it captured. Within the library, ask `Tape.records` first: it keeps
// unrecorded ops free of closures.
extension Tensor {
  /// Records a function of one input: `self`, which was computed from `a`, gets this backward rule in place of whatever
  /// its computation recorded. The rule is also differentiated, so write it in tensor ops; where that is not possible,
  /// end it in `recordedAsConstant`.
  ///
  /// That makes an op of your own. Here is rounding whose gradient passes as if nothing had been rounded (the
  /// straight-through estimator: Bengio, Léonard & Courville, 2013):
  ///
  /// ```swift
  /// func quantised(_ x: Tensor) -> Tensor {
  ///   x.detached().round().recorded("quantised", from: x) { g in g }
  /// }
  /// let x = Tensor([0.4, 1.6]).requiringGradient()
  /// let y = (quantised(x) * Tensor([10.0, 20.0])).sum()
  /// y.item()  // → 40.0
  /// gradients(of: y, withRespectTo: [x])[0]  // → [10.0, 20.0]
  /// ```
  public func recorded(_ op: String, from a: Tensor, _ rule: @escaping @Sendable (Tensor) -> Tensor) -> Tensor {
    guard let parent = a.node, Tape.isRecording else { return self }
    if Anomaly.isDetecting { Anomaly.note(op, self, from: [a]) }
    return placed(Node(op: op, shape: shape, parents: [parent], backward: .each([rule])))
  }

  /// Records a function of one input whose rule uses the output as well: exp, tanh, softmax.
  ///
  /// ```swift
  /// func exponential(_ x: Tensor) -> Tensor {
  ///   x.detached().exp().recorded("exponential", from: x, usingOutput: { g, y in g * y })
  /// }
  /// let x = Tensor(0.0).requiringGradient()
  /// gradients(of: exponential(x * 2), withRespectTo: [x])[0]  // → 2.0
  /// ```
  public func recorded(
    _ op: String, from a: Tensor,
    usingOutput rule: @escaping @Sendable (_ gradient: Tensor, _ output: Tensor) -> Tensor
  ) -> Tensor {
    guard let parent = a.node, Tape.isRecording else { return self }
    if Anomaly.isDetecting { Anomaly.note(op, self, from: [a]) }
    return placed(Node(op: op, shape: shape, parents: [parent], backward: .fromOutput(detached(), rule)))
  }

  /// Records a function of two inputs. A rule gives a gradient of its input's shape, broadcast or not.
  ///
  /// ```swift
  /// func product(_ a: Tensor, _ b: Tensor) -> Tensor {
  ///   (a.detached() * b.detached()).recorded("product", from: a, { g in g * b }, from: b, { g in g * a })
  /// }
  /// let x = Tensor(3.0).requiringGradient()
  /// gradients(of: product(x, x), withRespectTo: [x])[0]  // → 6.0
  /// ```
  public func recorded(
    _ op: String, from a: Tensor, _ ruleA: @escaping @Sendable (Tensor) -> Tensor,
    from b: Tensor, _ ruleB: @escaping @Sendable (Tensor) -> Tensor
  ) -> Tensor {
    guard Tape.isRecording else { return self }
    if Anomaly.isDetecting { Anomaly.note(op, self, from: [a, b]) }
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
    if Anomaly.isDetecting { Anomaly.note(op, self, from: inputs.map { $0.0 }) }
    return placed(
      Node(op: op, shape: shape, parents: tracked.map { $0.0.node }, backward: .each(tracked.map { $0.1 })))
  }

  /// Records a function whose inputs' gradients share work; nil where an input needs none.
  public func recorded(
    _ op: String, from inputs: [Tensor], jointly rule: @escaping @Sendable (Tensor) -> [Tensor?]
  ) -> Tensor {
    guard Tape.records(inputs) else { return self }
    if Anomaly.isDetecting { Anomaly.note(op, self, from: inputs) }
    return placed(Node(op: op, shape: shape, parents: inputs.map(\.node), backward: .joint(rule)))
  }

  /// Marks the result of an op that has no derivative: a backward pass that reaches it stops with the op's name.
  public func recordedAsConstant(_ op: String, from a: Tensor, because reason: String) -> Tensor {
    guard a.node != nil, Tape.isRecording else { return self }
    if Anomaly.isDetecting { Anomaly.note(op, self, from: [a]) }
    return placed(Node(op: op, shape: shape, parents: [a.node], backward: .none(reason: reason)))
  }

  @inline(__always)
  private func placed(_ node: Node) -> Tensor {
    Tensor(storage: storage, layout: layout, offset: offset, node: node)
  }
}
