import CKernels

/// What a simple recurrent layer does to its sum: see `rnn`.
public enum RecurrentNonlinearity: Sendable, Hashable {
  case tanh
  case relu
}

/// A simple recurrent layer over whole sequences (Elman, 1990): hₜ = tanh(W·xₜ + b + U·hₜ₋₁ + b'), or relu instead of
/// tanh.
///
/// x [time, batch, inputs], `hidden` [batch, hidden] → outputs [time, batch, hidden] and the final state; `lengths` and
/// `reversed` as in `lstm`. Stops when shapes, dtypes or lengths do not fit, and without a time step. Fused.
///
/// ```swift
/// let weights = RecurrentWeights(input: .ones([1, 1]), hidden: .ones([1, 1]))
/// rnn(.ones([3, 1, 1]), hidden: .zeros([1, 1]), weights, .relu).outputs.flattened()  // → [1.0, 2.0, 3.0]
/// ```
public func rnn(
  _ x: Tensor, hidden: Tensor, _ weights: RecurrentWeights, _ nonlinearity: RecurrentNonlinearity = .tanh,
  lengths: [Int]? = nil, reversed: Bool = false
) -> (outputs: Tensor, hidden: Tensor) {
  let cell = nonlinearity == .tanh ? GB_RNN_TANH : GB_RNN_RELU
  if Autocast.isOn {
    return Autocast.lowering([x, hidden] + weights.tensors) {
      rnn(
        $0[0], hidden: $0[1], weights.replaced(by: Array($0[2...])), nonlinearity, lengths: lengths, reversed: reversed)
    }
  }
  let layer = Recurrence("rnn", cell, x, [hidden], weights, lengths, reversed: reversed)
  let (outputs, final) = layer(x, [hidden], weights)
  return (outputs, final[0])
}

extension Op {
  static let rnn = Op(
    "rnn", "hₜ = tanh(W·xₜ + U·hₜ₋₁ + b)",
    samples: recurrentSamples(gates: 1, states: 1) { x, states, weights, lengths, reversed in
      let y = TensorCore.rnn(x, hidden: states[0], weights, lengths: lengths, reversed: reversed)
      return [y.outputs, y.hidden]
    }
      + recurrentSamples(gates: 1, states: 1) { x, states, weights, lengths, reversed in
        let y = TensorCore.rnn(x, hidden: states[0], weights, .relu, lengths: lengths, reversed: reversed)
        return [y.outputs, y.hidden]
      }.map { Sample("relu \($0.label)", $0.inputs, $0.apply) },
    misuses: [
      Misuse("shapes", says: ["rnn", "[5, 4]", "[time, batch, inputs]"]) {
        _ = TensorCore.rnn(
          .ones([5, 4]), hidden: .ones([4, 2]), RecurrentWeights(input: .ones([2, 4]), hidden: .ones([2, 2])))
      }
    ])
}
