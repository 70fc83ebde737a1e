// Reverse-mode differentiation (Griewank & Walther, "Evaluating Derivatives", 2008, ch. 3): nodes are visited by descending
// sequence number, so that a node's gradient is complete when its turn comes.

extension Tensor {
  /// Adds the gradient of this tensor to the `gradient` of every leaf and parameter it was computed from.
  ///
  /// `seed` is the gradient to start with, of this tensor's shape; it may be left out for a single element, where it is
  /// 1. Stops when nothing was recorded, or when the way leads through an op that has no derivative.
  ///
  /// The tape is let go of on the way, with all that was saved for it; `keepingTape` keeps it for another backward
  /// pass.
  ///
  /// ```swift
  /// let w = Tensor([3.0]).requiringGradient()
  /// (w * w).sum().backward()
  /// w.gradient!  // → [6.0]
  /// ```
  public func backward(from seed: Tensor? = nil, keepingTape: Bool = false) {
    let start = rootNode("backward")
    let seed = checkedSeed(seed, for: "backward")
    Tape.withRules(recorded: false) {
      var pass = BackwardPass(start, seed)
      while let (node, gradient) = pass.next() {
        if let accumulator = node.accumulator {
          accumulator.add(gradient)
        } else {
          pass.propagate(gradient, through: node, keepingTape ? node.read() : node.take(), needed: nil)
        }
      }
    }
  }

  fileprivate func rootNode(_ op: String) -> Node {
    guard let node else {
      stop(
        op, "this \(dtype) tensor of shape \(shape) was computed from nothing that requires a gradient",
        fix: "use a parameter or requiringGradient(), and stay outside withoutGradients")
    }
    return node
  }

  func checkedSeed(_ seed: Tensor?, for op: String) -> Tensor {
    if let seed {
      guard seed.shape == shape, seed.dtype == dtype else {
        stop(
          op, "the seed is \(seed.dtype) \(seed.shape), the tensor \(dtype) \(shape)",
          fix: "pass a seed of the same shape and dtype")
      }
      return seed
    }
    guard count == 1 else {
      stop(
        op, "a tensor of shape \(shape) has no single gradient",
        fix: "reduce it with sum() or mean(), or pass from: a seed of its shape")
    }
    return Tensor.ones(shape, dtype: dtype)
  }
}

/// The gradients of `y` with respect to each of `inputs`: zeros for one that `y` does not depend on. Nothing is
/// accumulated anywhere.
///
/// `seed` is the gradient of `y` to start with (1 when `y` has one element). With `differentiable`, the
/// computation is itself recorded, so that gradients of gradients can be taken.
///
/// ```swift
/// let x = Tensor(2.0).requiringGradient()
/// let first = gradients(of: x.power(3), withRespectTo: [x], differentiable: true)[0]
/// gradients(of: first, withRespectTo: [x])[0].item()  // → 12.0
/// ```
public func gradients(
  of y: Tensor, withRespectTo inputs: [Tensor], from seed: Tensor? = nil, differentiable: Bool = false
) -> [Tensor] {
  let targets = inputs.map { input in
    guard let node = input.node else {
      stop(
        "gradients", "an input of shape \(input.shape) is not on the tape",
        fix: "compute y from x.requiringGradient() and pass that x")
    }
    return node
  }
  let found = Tape.backwardPass(
    of: y.rootNode("gradients"), targets, from: y.checkedSeed(seed, for: "gradients"), differentiable: differentiable)
  return zip(inputs, found).map { input, gradient in gradient ?? Tensor.zeros(input.shape, dtype: input.dtype) }
}

extension Tape {
  /// The gradients of what stands at `start` with respect to what stands at `targets`, nil where it does not depend on
  /// it.
  ///
  /// With `partial`, ways that lead through one target to another are not followed: what comes that way is left for
  /// whoever goes on from the target.
  static func backwardPass(
    of start: Node, _ targets: [Node], from seed: Tensor, differentiable: Bool, partial: Bool = false
  ) -> [Tensor?] {
    let wanted = Set(targets.map(\.sequence))
    let needed = nodesLeading(from: start, to: wanted, partial: partial)
    return withRules(recorded: differentiable) {
      var found: [UInt64: Tensor] = [:]
      var pass = BackwardPass(start, seed)
      while let (node, gradient) = pass.next() {
        guard needed.contains(node.sequence) else { continue }
        if wanted.contains(node.sequence) {
          found[node.sequence] = gradient
          if partial { continue }
        }
        if node.accumulator == nil { pass.propagate(gradient, through: node, node.read(), needed: needed) }
      }
      return targets.map { found[$0.sequence] }
    }
  }
}

/// The nodes on a way from `start` to one of `targets` (with `partial`, through no other one), so that nothing else is
/// computed.
private func nodesLeading(from start: Node, to targets: Set<UInt64>, partial: Bool) -> Set<UInt64> {
  var parents: [UInt64: [UInt64]] = [:]
  var stack = [start]
  while let node = stack.popLast() {
    if parents[node.sequence] != nil || (partial && targets.contains(node.sequence)) { continue }
    let contents = node.read()
    if case .released = contents.backward { stopOnReleased(node) }
    let above = contents.parents.compactMap(\.self)
    parents[node.sequence] = above.map(\.sequence)
    stack += above.filter { parents[$0.sequence] == nil }
  }
  var leading = targets
  for sequence in parents.keys.sorted() where parents[sequence]?.contains(where: leading.contains) ?? false {
    leading.insert(sequence)
  }
  return leading
}

private func stopOnReleased(_ node: Node) -> Never {
  stop(
    "backward", "an earlier backward pass has let go of the tape at \(node.op)",
    fix: "pass keepingTape: true to the earlier one, or compute the value again")
}

/// The nodes that still wait for their turn, with the gradients they have so far.
private struct BackwardPass {
  /// A heap: the largest sequence number first.
  private var waiting: [Node] = []
  private var gradients: [UInt64: Tensor] = [:]

  init(_ start: Node, _ seed: Tensor) {
    add(seed, to: start)
  }

  mutating func next() -> (Node, Tensor)? {
    guard let first = waiting.first else { return nil }
    let last = waiting.removeLast()
    if !waiting.isEmpty {
      waiting[0] = last
      siftDown()
    }
    guard let gradient = gradients.removeValue(forKey: first.sequence) else { return nil }
    return (first, gradient)
  }

  mutating func propagate(_ gradient: Tensor, through node: Node, _ contents: Node.Contents, needed: Set<UInt64>?) {
    switch contents.backward {
    case .each(let rules):
      for (parent, rule) in zip(contents.parents, rules) {
        guard let parent, needed?.contains(parent.sequence) ?? true else { continue }
        add(rule(gradient), to: parent, from: node, along: gradient)
      }
    case .fromOutput(let output, let rule):
      guard let parent = contents.parents[0] else { return }
      let output = Tensor(
        storage: output.storage, layout: output.layout, offset: output.offset, node: Tape.isRecording ? node : nil)
      add(rule(gradient, output), to: parent, from: node, along: gradient)
    case .joint(let rule):
      let results = rule(gradient)
      for (index, parent) in contents.parents.enumerated() {
        guard let parent, needed?.contains(parent.sequence) ?? true else { continue }
        guard let result = results[index] else {
          stop(
            node.op, "its backward rule gives input \(index) no gradient, but one is asked for",
            fix: "return a gradient there")
        }
        add(result, to: parent, from: node, along: gradient)
      }
    case .leaf: return
    case .released: stopOnReleased(node)
    case .none(let reason):
      stop(
        "backward", "\(node.op) has no gradient: \(reason)",
        fix: "use a differentiable op, or call detached() where the gradient is meant to end")
    }
  }

  private mutating func add(
    _ gradient: Tensor, to node: Node, from child: Node? = nil, along incoming: Tensor? = nil
  ) {
    if Anomaly.isDetecting, let child, let incoming { Anomaly.note(child.op, gradient, backwardFrom: incoming) }
    if gradient.layout.shape != node.shape {
      stop(
        child?.op ?? node.op,
        "its backward rule gave a gradient of shape \(gradient.shape) for an input of shape \(node.shape)",
        fix: "return a gradient of the input's shape")
    }
    if let previous = gradients.removeValue(forKey: node.sequence) {
      gradients[node.sequence] = previous + gradient
      return
    }
    gradients[node.sequence] = gradient
    waiting.append(node)
    siftUp()
  }

  private mutating func siftUp() {
    var child = waiting.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      if waiting[parent].sequence >= waiting[child].sequence { return }
      waiting.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var largest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < waiting.count {
        if waiting[child].sequence > waiting[largest].sequence { largest = child }
      }
      if largest == parent { return }
      waiting.swapAt(parent, largest)
      parent = largest
    }
  }
}

extension Tape {
  /// The gradients of an unfused version of an op, recorded: what a fused op's rule returns when it is itself
  /// differentiated. nil for inputs that are not on the tape.
  static func gradientsOfComposite(
    _ inputs: [Tensor], from gradient: Tensor, _ composite: ([Tensor]) -> Tensor
  ) -> [Tensor?] {
    // Each input gets a node of its own in front of it: were one computed from another, or passed twice, the way through the
    // other would be counted here and again by the pass that goes on from here.
    let inputs = inputs.map { input in input.recorded("input", from: input) { g in g } }
    let tracked = inputs.filter { $0.node != nil }
    if tracked.isEmpty { return inputs.map { _ in nil } }
    var results = gradients(of: composite(inputs), withRespectTo: tracked, from: gradient, differentiable: true)
      .makeIterator()
    return inputs.map { $0.node == nil ? nil : results.next() }
  }
}
