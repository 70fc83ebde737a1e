/// Computes `body` without keeping what its backward pass will need: that computes `body` once more instead (Chen et
/// al., "Training deep nets with sublinear memory cost", 2016). The result, and all gradients, are the same as without.
///
/// `body` may use any tensors, parameters and modules; gradients flow to all of them. In the second computation the
/// given random generators are where they were in the first, so that dropout drops the same elements; name those that
/// `body` draws from. Automatic casts are those of the first too. It is to give the same values both times: change no
/// parameter before the backward pass, and mind that running statistics of batch normalisation move twice.
///
/// ```swift
/// let x = Tensor([1.0, 2.0]).requiringGradient()
/// let y = checkpointed { x * x * x }
/// gradients(of: y.sum(), withRespectTo: [x])[0]  // → [3.0, 12.0]
/// ```
public func checkpointed(
  drawingFrom generators: [RandomGenerator] = [.default], _ body: @escaping () -> Tensor
) -> Tensor {
  guard Tape.isRecording else { return body() }
  let states = generators.map(\.state)
  let autocast = Autocast.dtype
  let newest = Node.newest
  let result = body()
  guard let node = result.node else { return result }
  // What the body made goes now; what it found on the tape are its inputs.
  let inputs = Tape.nodes(leadingTo: node, notAfter: newest)
  if inputs.contains(where: { $0 === node }) { return result }
  // The tape's rules are Sendable, and a body that uses modules is not: it runs on the thread of the backward pass, which must be one
  // that may use them.
  nonisolated(unsafe) let compute = body
  return result.recorded("checkpointed", at: inputs) { gradient in
    let again = Tape.withRecording(true) {
      Autocast.with(autocast) { RandomGenerator.with(generators, at: states, compute) }
    }
    guard let start = again.node, again.shape == gradient.shape else {
      stop(
        "checkpointed", "the second computation gave \(again.shape), the first \(gradient.shape)",
        fix: "let the body compute the same each time it is called")
    }
    return Tape.backwardPass(of: start, inputs, from: gradient, differentiable: Tape.isRecording, partial: true)
  }
}

extension Tape {
  /// The nodes that a computation which began after `newest` found on the tape.
  fileprivate static func nodes(leadingTo node: Node, notAfter newest: UInt64) -> [Node] {
    var (seen, found, stack): (Set<UInt64>, [Node], [Node]) = ([], [], [node])
    while let node = stack.popLast() {
      guard seen.insert(node.sequence).inserted else { continue }
      if node.sequence <= newest { found.append(node) } else { stack += node.read().parents.compactMap(\.self) }
    }
    return found
  }
}

extension Tensor {
  /// Records a function of what stands at these nodes.
  fileprivate func recorded(
    _ op: String, at inputs: [Node], _ rule: @escaping @Sendable (Tensor) -> [Tensor?]
  ) -> Tensor {
    let node = Node(op: op, shape: shape, parents: inputs, backward: .joint(rule))
    return Tensor(storage: storage, layout: layout, offset: offset, node: node)
  }
}

extension RandomGenerator {
  /// Runs `body` with the generators set back to these states; they are where they were afterwards.
  fileprivate static func with<R>(_ generators: [RandomGenerator], at states: [State], _ body: () -> R) -> R {
    let now = generators.map(\.state)
    for (generator, state) in zip(generators, states) { generator.state = state }
    defer { for (generator, state) in zip(generators, now) { generator.state = state } }
    return body()
  }
}
