import CKernels

/// A long short-term memory over whole sequences (Hochreiter & Schmidhuber, 1997; the forget gate is Gers et al.'s,
/// 2000):
///
/// i, f, o = σ(W·xₜ + b + U·hₜ₋₁ + b'), g = tanh(…), each with its own rows of the weights, in the order i, f, g, o;
/// cₜ = f·cₜ₋₁ + i·g; hₜ = o·tanh cₜ.
///
/// x [time, batch, inputs], `hidden` and `cell` [batch, hidden] → outputs [time, batch, hidden] and the final states.
/// With `lengths`, outputs past a sequence's end are 0 and its final states are those at its end; `reversed` goes from
/// the end to the beginning. Stops when shapes, dtypes or lengths do not fit, and without a time step.
///
/// Fused: one matrix product for all inputs, one kernel for all steps.
///
/// ```swift
/// let weights = RecurrentWeights(input: .zeros([8, 3]), hidden: .zeros([8, 2]))
/// let y = lstm(.ones([5, 4, 3]), hidden: .zeros([4, 2]), cell: .ones([4, 2]), weights)
/// y.outputs.shape  // → [5, 4, 2]
/// y.cell[0]  // → [0.03125, 0.03125]
/// ```
public func lstm(
  _ x: Tensor, hidden: Tensor, cell: Tensor, _ weights: RecurrentWeights, lengths: [Int]? = nil, reversed: Bool = false
) -> (outputs: Tensor, hidden: Tensor, cell: Tensor) {
  if Autocast.isOn {
    return Autocast.lowering([x, hidden, cell] + weights.tensors) {
      lstm(
        $0[0], hidden: $0[1], cell: $0[2], weights.replaced(by: Array($0[3...])), lengths: lengths, reversed: reversed)
    }
  }
  let states = [hidden, cell]
  let layer = Recurrence("lstm", GB_LSTM, x, states, weights, lengths, reversed: reversed)
  let (outputs, final) = layer(x, states, weights)
  return (outputs, final[0], final[1])
}

/// The same with a projection of the output: hₜ = P·(o·tanh cₜ), so that the state that goes round is smaller than the
/// cell (Sak, Senior & Beaufays, "Long short-term memory recurrent neural network architectures", 2014; PyTorch's
/// `proj_size`).
///
/// `projection` P is [projected, hidden], `hidden` [batch, projected], `cell` [batch, hidden], the weights [4·hidden,
/// inputs] and [4·hidden, projected] → outputs [time, batch, projected] and the final states. Written in simpler ops,
/// step by step.
///
/// ```swift
/// let weights = RecurrentWeights(input: .zeros([8, 3]), hidden: .zeros([8, 1]))
/// let y = lstm(.ones([5, 4, 3]), hidden: .zeros([4, 1]), cell: .ones([4, 2]), weights, projection: .ones([1, 2]))
/// y.outputs.shape  // → [5, 4, 1]
/// y.cell[0]  // → [0.03125, 0.03125]
/// ```
public func lstm(
  _ x: Tensor, hidden: Tensor, cell: Tensor, _ weights: RecurrentWeights, projection: Tensor, lengths: [Int]? = nil,
  reversed: Bool = false
) -> (outputs: Tensor, hidden: Tensor, cell: Tensor) {
  let (units, projected) = (
    projection.rank == 2 ? projection.shape[1] : 0, projection.rank == 2 ? projection.shape[0] : 0
  )
  guard x.rank == 3, x.shape[0] > 0, hidden.shape == [x.shape[1], projected], cell.shape == [x.shape[1], units],
    weights.input.shape == [4 * units, x.shape[2]], weights.hidden.shape == [4 * units, projected],
    lengths.map({ $0.count == x.shape[1] && $0.allSatisfy { (1...x.shape[0]).contains($0) } }) ?? true
  else {
    stop(
      "lstm",
      "x \(x.shape), states \(hidden.shape) and \(cell.shape), weights \(weights.input.shape) and \(weights.hidden.shape), projection \(projection.shape), lengths \(lengths.map { "\($0)" } ?? "none") do not fit",
      fix:
        "x is [time, batch, inputs], states [batch, projected] and [batch, hidden], weights [4·hidden, inputs] and [4·hidden, projected], the projection [projected, hidden], lengths in 1...time"
    )
  }
  let time = x.shape[0]
  let fromInputs = linear(x, weights.input, weights.inputBias)
  var (h, c) = (hidden, cell)
  var outputs = [Tensor](repeating: h, count: time)
  for t in reversed ? Array((0..<time).reversed()) : Array(0..<time) {
    let gates = (fromInputs[t] + linear(h, weights.hidden, weights.hiddenBias)).split(every: units, axis: 1)
    let nextCell = gates[1].sigmoid() * c + gates[0].sigmoid() * gates[2].tanh()
    let next = linear(gates[3].sigmoid() * nextCell.tanh(), projection)
    guard let lengths else {
      (h, c, outputs[t]) = (next, nextCell, next)
      continue
    }
    let runs = Tensor(lengths.map { t < $0 }, shape: [lengths.count, 1])
    (h, c) = (Tensor.where(runs, next, h), Tensor.where(runs, nextCell, c))
    outputs[t] = Tensor.where(runs, next, Tensor.zeros([], dtype: x.dtype))
  }
  return (Tensor.stacked(outputs), h, c)
}

extension Op {
  static let lstmProjected = Op(
    "lstm, projected", "lstm with hₜ = P·(o·tanh cₜ)",
    samples: [
      projected("plain", [3, 2, 2], hidden: 3, to: 2),
      projected("reversed with lengths", [4, 3, 1], hidden: 2, to: 1, lengths: [2, 4, 1], reversed: true),
      projected("no sequences", [2, 0, 2], hidden: 3, to: 2),
    ],
    misuses: [
      Misuse("projection", says: ["lstm", "[1, 3]", "[projected, hidden]"]) {
        _ = TensorCore.lstm(
          .ones([5, 4, 3]), hidden: .ones([4, 1]), cell: .ones([4, 2]),
          RecurrentWeights(input: .ones([8, 3]), hidden: .ones([8, 1])), projection: .ones([1, 3]))
      }
    ])

  private static func projected(
    _ label: String, _ x: Shape, hidden: Int, to projected: Int, lengths: [Int]? = nil, reversed: Bool = false
  ) -> Sample {
    let inputs: [Input] = [
      .uniform(x), .uniform([x[1], projected], -1...1), .uniform([x[1], hidden], -1...1),
      .uniform([4 * hidden, x[2]], -1...1), .uniform([4 * hidden, projected], -1...1),
      .uniform([projected, hidden], -1...1),
    ]
    return Sample(label, inputs) {
      let y = TensorCore.lstm(
        $0[0], hidden: $0[1], cell: $0[2], RecurrentWeights(input: $0[3], hidden: $0[4]), projection: $0[5],
        lengths: lengths, reversed: reversed)
      return [y.outputs, y.hidden, y.cell]
    }
  }

  static let lstm = Op(
    "lstm", "i, f, o = σ(W·xₜ + U·hₜ₋₁ + b), g = tanh(…); cₜ = f·cₜ₋₁ + i·g; hₜ = o·tanh cₜ",
    samples: recurrentSamples(gates: 4, states: 2) { x, states, weights, lengths, reversed in
      let y = TensorCore.lstm(
        x, hidden: states[0], cell: states[1], weights, lengths: lengths, reversed: reversed)
      return [y.outputs, y.hidden, y.cell]
    },
    misuses: [
      Misuse("shapes", says: ["lstm", "[5, 4, 3]", "[8, 7]", "4·hidden"]) {
        _ = TensorCore.lstm(
          .ones([5, 4, 3]), hidden: .ones([4, 2]), cell: .ones([4, 2]),
          RecurrentWeights(input: .ones([8, 7]), hidden: .ones([8, 2])))
      },
      Misuse("lengths", says: ["lstm", "[6, 0]", "1...5"]) {
        _ = TensorCore.lstm(
          .ones([5, 2, 3]), hidden: .ones([2, 2]), cell: .ones([2, 2]),
          RecurrentWeights(input: .ones([8, 3]), hidden: .ones([8, 2])), lengths: [6, 0])
      },
      Misuse("no steps", says: ["lstm", "[0, 4, 3]", "one step"]) {
        _ = TensorCore.lstm(
          .ones([0, 4, 3]), hidden: .ones([4, 2]), cell: .ones([4, 2]),
          RecurrentWeights(input: .ones([8, 3]), hidden: .ones([8, 2])))
      },
    ])

  /// The samples of a recurrent op: x, the states, the weights and the biases as inputs.
  static func recurrentSamples(
    gates: Int, states: Int,
    _ f: @escaping @Sendable (Tensor, [Tensor], RecurrentWeights, _ lengths: [Int]?, _ reversed: Bool) -> [Tensor]
  ) -> [Sample] {
    func sample(
      _ label: String, _ time: Int, _ batch: Int, _ inputs: Int, _ hidden: Int, bias: Bool = true,
      lengths: [Int]? = nil, reversed: Bool = false
    ) -> Sample {
      let state = Input.uniform([batch, hidden], -1...1)
      var all: [Input] = [.uniform([time, batch, inputs])] + [Input](repeating: state, count: states)
      all += [.uniform([gates * hidden, inputs], -1...1), .uniform([gates * hidden, hidden], -1...1)]
      if bias { all += [Input](repeating: .uniform([gates * hidden], -1...1), count: 2) }
      return Sample(label, all) { tensors in
        let rest = Array(tensors[(1 + states)...])
        let weights = RecurrentWeights(
          input: rest[0], hidden: rest[1], inputBias: bias ? rest[2] : nil, hiddenBias: bias ? rest[3] : nil)
        return f(tensors[0], Array(tensors[1...states]), weights, lengths, reversed)
      }
    }
    return [
      sample("plain", 3, 2, 2, 3),
      sample("no bias", 2, 2, 3, 2, bias: false),
      sample("reversed", 3, 2, 2, 2, reversed: true),
      sample("lengths", 4, 3, 1, 2, lengths: [2, 4, 1]),
      sample("reversed with lengths", 4, 3, 1, 2, lengths: [2, 4, 1], reversed: true),
      sample("one step", 1, 3, 2, 2),
      sample("no sequences", 2, 0, 2, 2),
    ]
  }
}
