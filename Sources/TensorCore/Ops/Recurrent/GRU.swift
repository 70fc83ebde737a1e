import CKernels

/// A gated recurrent unit over whole sequences (Cho et al., 2014, in the variant that Chung et al., 2014, and PyTorch
/// compute):
///
/// r, z = σ(W·xₜ + b + U·hₜ₋₁ + b'), n = tanh(W·xₜ + b + r·(U·hₜ₋₁ + b')), each with its own rows of the weights, in
/// the order r, z, n; hₜ = (1 − z)·n + z·hₜ₋₁.
///
/// x [time, batch, inputs], `hidden` [batch, hidden] → outputs [time, batch, hidden] and the final state; `lengths` and
/// `reversed` as in `lstm`. Stops when shapes, dtypes or lengths do not fit, and without a time step. Fused.
///
/// ```swift
/// let weights = RecurrentWeights(input: .zeros([6, 3]), hidden: .zeros([6, 2]))
/// gru(.ones([3, 1, 3]), hidden: .ones([1, 2]), weights).hidden  // → [[0.125, 0.125]]
/// ```
public func gru(
  _ x: Tensor, hidden: Tensor, _ weights: RecurrentWeights, lengths: [Int]? = nil, reversed: Bool = false
) -> (outputs: Tensor, hidden: Tensor) {
  if Autocast.isOn {
    return Autocast.lowering([x, hidden] + weights.tensors) {
      gru($0[0], hidden: $0[1], weights.replaced(by: Array($0[2...])), lengths: lengths, reversed: reversed)
    }
  }
  let layer = Recurrence("gru", GB_GRU, x, [hidden], weights, lengths, reversed: reversed)
  let (outputs, final) = layer(x, [hidden], weights)
  return (outputs, final[0])
}

extension Op {
  static let gru = Op(
    "gru", "r, z = σ(W·xₜ + U·hₜ₋₁ + b), n = tanh(W·xₜ + b + r·(U·hₜ₋₁ + b')); hₜ = (1 − z)·n + z·hₜ₋₁",
    samples: recurrentSamples(gates: 3, states: 1) { x, states, weights, lengths, reversed in
      let y = TensorCore.gru(x, hidden: states[0], weights, lengths: lengths, reversed: reversed)
      return [y.outputs, y.hidden]
    },
    misuses: [
      Misuse("shapes", says: ["gru", "[5, 4, 3]", "[8, 3]", "3·hidden"]) {
        _ = TensorCore.gru(
          .ones([5, 4, 3]), hidden: .ones([4, 2]), RecurrentWeights(input: .ones([8, 3]), hidden: .ones([8, 2])))
      },
      Misuse("dtypes", says: ["gru", "float32", "float64", "cast(to:"]) {
        _ = TensorCore.gru(
          .ones([5, 4, 3]), hidden: .ones([4, 2], dtype: .float64),
          RecurrentWeights(input: .ones([6, 3]), hidden: .ones([6, 2])))
      },
    ])
}
